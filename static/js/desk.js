// The keyboard of the desk: / search, n new case, j and k along the rows,
// Enter opens, x selects. Keys typed into a field are left alone.
{
  const typing = (el) => el.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable], dialog");
  let at = -1;
  const walk = (by) => {
    const rows = [...document.querySelectorAll("[data-row]")];
    const focused = document.activeElement.closest?.("[data-row]");
    if (focused) at = rows.indexOf(focused);
    at = Math.max(0, Math.min(rows.length - 1, at + by));
    (rows[at]?.querySelector("[data-row-link]") ?? rows[at]?.querySelector("a, input"))?.focus();
    rows[at]?.scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    // The same keys on a Persian keyboard.
    const key = { د: "n", ت: "j", ن: "k", ط: "x" }[event.key] || event.key;
    if (key === "/") {
      const search = document.querySelector("[data-search]");
      if (!search) return;
      event.preventDefault();
      search.focus();
      search.select();
    } else if (key === "j" || key === "k") {
      if (document.querySelector("[data-row]")) walk(key === "j" ? 1 : -1);
    } else if (key === "x") {
      event.target.closest("[data-row]")?.querySelector("[data-select]")?.click();
    } else if (/^[a-z]$/.test(key)) {
      const owner = document.querySelector(`[data-key="${key}"]`);
      if (owner) { event.preventDefault(); owner.click(); }
    }
  });
  pasokh.on("keydown", "[data-search]", (input, event) => { if (event.key === "Escape") input.blur(); });

  // Selected rows.
  const recount = () => {
    const boxes = [...document.querySelectorAll("[data-select]")], n = boxes.filter((box) => box.checked).length;
    document.querySelectorAll("[data-bulk-count]").forEach((el) => { el.textContent = el.dataset.text.replace("{n}", pasokh.digits(n)); });
    document.querySelectorAll("[data-select-all]").forEach((all) => {
      all.checked = n > 0 && n === boxes.length;
      all.indeterminate = n > 0 && n < boxes.length;
    });
  };
  pasokh.on("change", "[data-select-all]", (all) => {
    all.closest("table").querySelectorAll("[data-select]").forEach((box) => { box.checked = all.checked; });
    recount();
  });
  pasokh.on("change", "[data-select]", recount);
  pasokh.on("click", "[data-bulk-clear]", () => setTimeout(() => {
    document.querySelectorAll("[data-select]").forEach((box) => { box.checked = false; });
    recount();
  }));
  document.addEventListener("htmx:afterSwap", recount);
}
