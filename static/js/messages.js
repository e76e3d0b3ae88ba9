// While the text of a message is written, its preview and the parts that it
// takes follow, with the example values that stand below it.
{
  const basic = /^[@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà^{}\\[~\]|€]*$/;
  const size = (text) => {
    const plain = basic.test(text);
    const count = plain ? text.length + (text.match(/[\^{}\\[~\]|€]/g)?.length ?? 0) : text.length;
    const [one, each] = plain ? [160, 153] : [70, 67];
    const parts = count === 0 ? 0 : count <= one ? 1 : Math.ceil(count / each);
    return { count, parts, room: parts < 2 ? one : parts * each };
  };

  pasokh.on("input", "form[data-message] textarea", (area) => {
    const form = area.closest("form");
    const examples = Object.fromEntries([...form.querySelectorAll("[data-field]")].map((el) => [el.dataset.field, el.dataset.example]));
    const text = area.value.trim().replace(/\{([^{}]*)\}/g, (all, name) => examples[name] ?? all);
    const preview = document.querySelector("[data-preview]");
    if (preview) preview.textContent = text;
    const said = form.querySelector("[data-parts]");
    const now = size(text);
    if (said) said.textContent = said.dataset.said.replace(/\{(\w+)\}/g, (all, name) => pasokh.digits(now[name] ?? all));
  });
}
