// The keyboard of the desk: / search, n new case, j and k along the rows,
// Enter opens, x selects, a and the letters of the acts open their forms, ? says
// which. Keys typed into a field are left alone.
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
  // A text is sent from where it is typed: Ctrl and Enter.
  pasokh.on("keydown", "form textarea", ({ form }, event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.defaultPrevented) return;
    const button = form.querySelector(".btn-primary:not([type=button])") ?? form.querySelector("button:not([type=button])");
    if (!button) return;
    event.preventDefault();
    form.requestSubmit(button);
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    // On a Persian keyboard the same keys, by their place.
    const key = /^[ -~]/.test(event.key) ? event.key : event.key === "؟" ? "?" : /^Key[A-Z]$/.test(event.code) ? event.code[3].toLowerCase() : event.key;
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
    } else if (key === "?") {
      const help = document.getElementById("keys-help");
      if (help && !help.open) help.showModal();
    } else if (/^[a-z]$/.test(key)) {
      const owner = document.querySelector(`[data-key~="${key}"]`);
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

// Wide screens: a case opens beside the list. The server says the new address.
{
  const wide = matchMedia("(min-width: 75rem)");
  const centre = (tab) => {
    const row = tab.closest(".tabs"), at = tab.getBoundingClientRect(), box = row.getBoundingClientRect();
    row.scrollLeft += at.left + at.width / 2 - box.left - box.width / 2;
  };
  const show = (row) => {
    document.querySelectorAll("#cases [data-row]").forEach((other) => {
      other.classList.toggle("row-current", other === row);
      if (other === row) other.setAttribute("aria-current", "true"); else other.removeAttribute("aria-current");
    });
    document.getElementById("inbox").dataset.open = "";
    const list = row.closest(".inbox-list"), at = row.getBoundingClientRect(), box = list.getBoundingClientRect();
    if (at.top < box.top) list.scrollTop -= box.top - at.top;
    if (at.bottom > box.bottom) list.scrollTop += at.bottom - box.bottom;
    document.querySelectorAll("#list .tab[aria-current]").forEach(centre);
  };
  pasokh.on("click", "#cases [data-row-link]", (link, event) => {
    if (!wide.matches || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    htmx.ajax("GET", link.href, { source: link, target: "#case-pane", swap: "innerHTML show:none" }).then(() => show(link.closest("[data-row]")));
  });
  // The tab that is on is never out of sight.
  pasokh.each(".tab[aria-current]", centre);
  // The list beside renews itself after an act and keeps the chosen row.
  document.addEventListener("htmx:afterSettle", (event) => {
    const id = document.querySelector("#case-pane #case")?.dataset.case;
    const row = event.target.id === "list" && id && document.getElementById(`case-${id}`);
    if (row) show(row);
  });
  // One form at a time, ready to be typed into. (The name attribute would close
  // the form that htmx brings back, because the old one is still there.)
  pasokh.on("toggle", ".act[open]", (act) => {
    act.parentElement.querySelectorAll(".act[open]").forEach((other) => { if (other !== act) other.open = false; });
  }, true);
  pasokh.on("click", ".act > summary", (summary) => setTimeout(() => {
    if (summary.parentElement.open) summary.nextElementSibling.querySelector("select, textarea, input:not([type=hidden])")?.focus();
  }));
  // A case that has moved on answers 409 with itself as it is now.
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (detail.xhr.status === 409 && detail.target.id === "case") { detail.shouldSwap = true; detail.isError = false; }
  });
}
