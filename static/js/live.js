// Live parts of desk pages: one stream of events while the page can be seen.
// An event brings elements that take the place of those with the same id.
{
  const address = document.body.dataset.live;
  let source, shown;
  const close = () => { source?.close(); source = null; };
  const swap = ({ data }) => {
    const box = document.createElement("template");
    box.innerHTML = data;
    for (const fresh of [...box.content.children]) {
      const old = document.getElementById(fresh.id);
      if (old && !old.isEqualNode(fresh)) old.replaceWith(fresh);
    }
  };
  const open = () => {
    const id = document.querySelector("#case[data-case]")?.dataset.case;
    const url = id ? `${address}?case=${id}` : address;
    if (source && shown === url && source.readyState !== EventSource.CLOSED) return;
    close();
    shown = url;
    source = new EventSource(url);
    source.onmessage = swap;
  };
  // A browser opens few connections to one host: pages out of sight give theirs back.
  const follow = () => { if (document.hidden) close(); else open(); };
  if (address && "EventSource" in window) {
    follow();
    document.addEventListener("visibilitychange", follow);
    addEventListener("pagehide", close);
    addEventListener("pageshow", (event) => { if (event.persisted) follow(); });
    // A fresh case has not been told yet who else is there.
    document.addEventListener("htmx:afterSettle", ({ target }) => {
      if (!["case", "case-pane", "list"].includes(target.id)) return;
      close();
      follow();
    });
  }
}

// Ready texts: the chosen one goes into the field, behind what stands there.
pasokh.on("click", "[data-insert]", (button, event) => {
  event.preventDefault();
  const box = button.closest("[data-ready]"), field = document.getElementById(box.dataset.ready);
  const text = box.querySelector("select").selectedOptions[0]?.dataset.text;
  if (!text || !field) return;
  field.value = field.value.trim() ? `${field.value.trimEnd()}\n\n${text}` : text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
});
