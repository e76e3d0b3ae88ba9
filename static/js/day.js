// The day of meetings on a line that breaks. A press goes into a queue of this
// browser first, with a key of its own, and is sent in its order; the server
// does what comes twice once. Also: the camera reads codes at the door.
"use strict";
{
  const root = document.querySelector("[data-day-queue]"), EVERY = 3000, LIFE = 24 * 3600e3;
  const key = `pasokh-day:${root?.dataset.dayQueue}`;
  const line = root?.querySelector("[data-day-line]");
  const read = () => { try { return JSON.parse(localStorage.getItem(key)) || []; } catch { return []; } };
  const write = (list) => { try { localStorage.setItem(key, JSON.stringify(list)); return true; } catch { return false; } };
  let sending = false, timer = 0;

  /** Say what waits, and mark the forms whose presses do. */
  const show = () => {
    const list = read();
    line.querySelector("[data-waits]")?.remove();
    document.querySelectorAll("form[data-day-act]").forEach((form) => form.classList.toggle("day-waiting", list.some((act) => act.action === form.getAttribute("action"))));
    if (list.length) {
      line.prepend(pasokh.make("p", { class: "notice notice-warning", "data-waits": true }, root.dataset.waiting.replace("{n}", pasokh.digits(list.length))));
    }
    line.hidden = !line.children.length;
  };

  const told = (text) => {
    line.append(pasokh.make("p", { class: "notice notice-warning", role: "alert" }, text));
    line.hidden = false;
  };

  /** Send one press; true when it is settled, whatever the answer. */
  const send = async (act) => {
    let answer;
    try {
      answer = await fetch(act.action, { method: "POST", body: new URLSearchParams(act.fields), cache: "no-store", signal: AbortSignal.timeout(8000) });
    } catch { return false; }
    if (answer.status >= 500) return false;
    if (new URL(answer.url).pathname.startsWith("/sign-in")) { told(root.dataset.signIn); return false; }
    if (answer.ok) return true;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const why = page.querySelector("#main [role=alert]")?.innerText?.trim().split("\n")[0] || page.querySelector("h1")?.innerText || "";
    act.refused = `${root.dataset.refused.replace("{what}", act.label).replace("{who}", act.who)} ${why}`;
    return true;
  };

  const flush = async () => {
    if (sending) return;
    clearTimeout(timer);
    sending = true;
    let done = 0;
    const refused = [];
    for (let list = read(); list.length; list = read()) {
      const act = list[0];
      if (Date.now() - act.at < LIFE && !await send(act)) break;
      if (act.refused) refused.push(act.refused);
      write(read().filter((other) => other.fields.act_key !== act.fields.act_key));
      done += 1;
    }
    sending = false;
    show();
    if (read().length) timer = setTimeout(flush, EVERY);
    if (!done) return;
    if (refused.length) sessionStorage.setItem(key, JSON.stringify(refused));
    if (!read().length) location.reload();
  };

  const press = (form, event) => {
    if (!root || !root.contains(form)) return;
    event.preventDefault();
    event.stopPropagation();
    const fields = Object.fromEntries(new FormData(form, event.submitter));
    const list = read();
    if (list.some((act) => act.action === form.getAttribute("action"))) return; // it waits already
    fields.act_key = crypto.randomUUID?.() || `${Date.now()}-${Math.random()}`;
    const who = form.closest("tr, .day-now, .station-row")?.querySelector("a")?.innerText.trim() || "";
    if (!write([...list, { action: form.getAttribute("action"), fields, label: form.dataset.dayAct, who, at: Date.now() }])) { form.submit(); return; }
    show();
    flush();
  };

  if (root) {
    document.addEventListener("submit", (event) => { if (event.target.matches("form[data-day-act]")) press(event.target, event); }, true);
    addEventListener("online", flush);
    document.addEventListener("htmx:afterSettle", show);
    for (const text of JSON.parse(sessionStorage.getItem(key) || "[]")) told(text);
    sessionStorage.removeItem(key);
    show();
    flush();
  }
}

// What needs an answer at once is not sent on a broken line: it says so and keeps
// what was typed.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-needs-line]") || navigator.onLine) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  form.querySelector("[data-no-line]")?.remove();
  form.prepend(pasokh.make("p", { class: "notice notice-warning", role: "alert", "data-no-line": true }, form.dataset.needsLine));
}, true);
addEventListener("online", () => document.querySelectorAll("[data-no-line]").forEach((note) => note.remove()));

// The code of who arrives, read by the camera where the browser can.
pasokh.each("[data-scan]", (button) => {
  if (!("BarcodeDetector" in window)) return;
  button.hidden = false;
  const form = button.form, state = form.querySelector("[data-scan-state]");
  button.addEventListener("click", () => {
    const shot = pasokh.make("input", { type: "file", accept: "image/*", capture: "environment" });
    shot.addEventListener("change", async () => {
      try {
        const found = await new BarcodeDetector({ formats: ["qr_code"] }).detect(await createImageBitmap(shot.files[0]));
        if (!found.length) throw new Error("none");
        form.elements.code.value = found[0].rawValue;
        form.requestSubmit();
      } catch { state.textContent = button.dataset.none; }
    });
    shot.click();
  });
});
