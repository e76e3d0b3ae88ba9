// Enhancements of pages that work without them. Every part of app.js listens on
// the document, so that content swapped in by htmx is covered; `ready` runs for
// the page and for every swapped fragment.
"use strict";
const pasokh = {
  fa: document.documentElement.lang === "fa",
  /** Run fn once for every element that matches, now and after each htmx swap. */
  each(selector, fn) {
    const seen = new WeakSet();
    const once = (el) => { if (!seen.has(el)) { seen.add(el); fn(el); } };
    pasokh.ready((root) => {
      if (root.matches?.(selector)) once(root);
      root.querySelectorAll(selector).forEach(once);
    });
  },
  fns: [],
  ready(fn) { pasokh.fns.push(fn); fn(document); },
  /** Listen on the document for an event below elements that match. */
  on(type, selector, fn, options) {
    document.addEventListener(type, (event) => {
      const at = event.target instanceof Element && event.target.closest(selector);
      if (at) fn(at, event);
    }, options);
  },
  /** Digits in the script of the page. */
  digits(text) { return pasokh.fa ? String(text).replace(/[0-9]/g, (d) => "۰۱۲۳۴۵۶۷۸۹"[d]) : String(text); },
  /** Persian and Arabic digits as ASCII. */
  ascii(text) { return text.replace(/[۰-۹]/g, (d) => d.charCodeAt(0) - 0x6f0).replace(/[٠-٩]/g, (d) => d.charCodeAt(0) - 0x660); },
  icon(name) {
    const any = document.querySelector(".icon use");
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("class", "icon");
    svg.setAttribute("aria-hidden", "true");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    use.setAttribute("href", `${any ? any.getAttribute("href").split("#")[0] : ""}#${name}`);
    svg.append(use);
    return svg;
  },
  make(tag, attrs, ...children) {
    const el = document.createElement(tag);
    for (const [name, value] of Object.entries(attrs || {})) {
      if (value === true) el.setAttribute(name, "");
      else if (value !== false && value != null) el.setAttribute(name, value);
    }
    el.append(...children);
    return el;
  },
};
document.addEventListener("htmx:load", (event) => pasokh.fns.forEach((fn) => fn(event.detail.elt)));

// Controls that only scripts can work.
pasokh.each("[data-copy][hidden], [data-theme-toggle][hidden], [data-print][hidden], [data-locate][hidden], [data-clear-point][hidden], [data-camera][hidden], [data-drop-text][hidden], [data-select-all][hidden]", (el) => { el.hidden = false; });

// The summary of errors takes the focus.
pasokh.each("[data-focus]", (el) => el.focus());

// Copy a code.
pasokh.on("click", "[data-copy]", async (button) => {
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
  } catch {
    const range = document.createRange();
    range.selectNodeContents(button.previousElementSibling);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    document.execCommand("copy");
  }
  button.dataset.done = "";
  pasokh.say(button.dataset.copied);
  setTimeout(() => delete button.dataset.done, 2000);
});

/** Tell screen readers something short. */
pasokh.say = (text) => {
  const region = document.querySelector("#toasts");
  if (!region) return;
  const line = pasokh.make("p", { class: "visually-hidden" }, text);
  region.append(line);
  setTimeout(() => line.remove(), 3000);
};

// Light or dark, kept in a cookie that the server reads.
pasokh.on("click", "[data-theme-toggle]", () => {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  document.cookie = `theme=${root.dataset.theme}; path=/; max-age=31536000; samesite=lax`;
});

pasokh.on("click", "[data-print]", () => print());

// Dialogs.
pasokh.on("click", "[data-dialog]", (opener, event) => {
  const dialog = document.getElementById(opener.dataset.dialog);
  if (!dialog?.showModal) return;
  event.preventDefault();
  if (dialog.open) dialog.close();
  dialog.showModal();
  dialog.querySelector("[autofocus], .dialog-body :is(input:not([type=hidden]), select, textarea)")?.focus();
});
pasokh.on("click", "dialog [data-close]", (button) => button.closest("dialog").close());
pasokh.on("click", "dialog", (dialog, event) => {
  const box = dialog.getBoundingClientRect();
  const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
  if (event.target === dialog && event.clientX && !inside) dialog.close();
});

// Menus close on Escape and on a press outside.
document.addEventListener("click", (event) => {
  document.querySelectorAll("[data-menu][open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  document.querySelectorAll("[data-menu][open]").forEach((menu) => { menu.open = false; menu.querySelector("summary").focus(); });
});

// Toasts leave by themselves unless they tell of an error or the pointer is on them.
const leave = (toast) => { toast.classList.add("toast-leaving"); setTimeout(() => toast.remove(), 200); };
pasokh.on("click", ".toast [data-close]", (button) => leave(button.closest(".toast")));
pasokh.each(".toasts > [data-toast]:not([data-stay])", (toast) => {
  const later = () => setTimeout(() => (toast.matches(":hover, :focus-within") ? later() : leave(toast)), 7000);
  later();
});
document.addEventListener("toast", (event) => {
  if (event.target.matches?.("[data-poll]")) return; // it says itself that it is not fresh
  const template = document.getElementById("toast-template");
  if (!template) return;
  const { tone = "info", text = "" } = event.detail;
  const toast = template.content.firstElementChild.cloneNode(true);
  toast.className = `toast tone-${tone}`;
  toast.querySelector("p").textContent = text;
  const icons = { success: "circle-check", warning: "triangle-alert", danger: "circle-alert" };
  toast.querySelector(".icon").replaceWith(pasokh.icon(icons[tone] || "info"));
  if (tone === "danger") toast.dataset.stay = "";
  document.getElementById("toasts").append(toast);
  pasokh.fns.forEach((fn) => fn(toast));
});

// A form is sent once; its button shows that it is on its way.
const send = (form, button) => {
  form.dataset.sent = "1";
  setTimeout(() => { if (form.dataset.sent) button?.setAttribute("aria-busy", "true"); }, 150);
  setTimeout(settle, 20000, form);
};
const settle = (form) => {
  delete form.dataset.sent;
  form.querySelectorAll("button[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
};
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.getAttribute("method") !== "post") return;
  if (form.dataset.sent) event.preventDefault();
  else send(form, event.submitter);
});
document.addEventListener("htmx:beforeRequest", (event) => {
  const form = event.detail.elt;
  if (!form.matches("form") || event.detail.requestConfig.verb === "get") return;
  if (form.dataset.sent) event.preventDefault();
  else send(form, event.detail.requestConfig.triggeringEvent?.submitter);
});
document.addEventListener("htmx:afterRequest", (event) => { if (event.detail.elt.matches?.("form")) settle(event.detail.elt); });
addEventListener("pageshow", (event) => { if (event.persisted) document.querySelectorAll("form[data-sent]").forEach(settle); });

// A slow request shows a line at the top after a moment.
let waiting = 0;
const wait = (by) => {
  waiting = Math.max(0, waiting + by);
  if (!waiting) delete document.documentElement.dataset.waiting;
  else setTimeout(() => { if (waiting) document.documentElement.dataset.waiting = ""; }, 150);
};
const polls = (event) => event.detail.elt.matches?.("[data-poll]");
document.addEventListener("htmx:beforeRequest", (event) => { if (!polls(event)) wait(1); });
document.addEventListener("htmx:afterRequest", (event) => { if (!polls(event)) wait(-1); });

// Regions that refresh themselves: one in which people work waits while a form
// is open or something in it has the focus. After half a minute without an
// answer a region says so; the next answer takes that back.
{
  let fresh = Date.now();
  const say = () => document.querySelectorAll("[data-poll] [data-stale]").forEach((el) => { el.hidden = Date.now() - fresh < 30000; });
  document.addEventListener("htmx:beforeRequest", (event) => {
    const region = event.detail.elt;
    if (!polls(event) || region.dataset.poll !== "idle") return;
    if (region.contains(document.activeElement) || region.querySelector("details.act[open], form[data-sent]")) event.preventDefault();
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (!polls(event) || !event.detail.successful) return;
    fresh = Date.now();
    say();
  });
  if (document.querySelector("[data-poll]")) setInterval(say, 5000);
}

// Countdown of a hold; spoken once a minute.
pasokh.each("[data-countdown]", (el) => {
  const end = Date.now() + Number(el.dataset.countdown) * 1000;
  const shown = el.querySelector("[data-time]"), spoken = el.querySelector("[data-spoken]");
  const tick = () => {
    const left = Math.max(0, Math.round((end - Date.now()) / 1000));
    const text = pasokh.digits(`${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`);
    shown.textContent = text;
    el.classList.toggle("countdown-low", left < 60);
    if (left % 60 === 0) spoken.textContent = left ? text : el.dataset.ended;
    if (left) return;
    clearInterval(timer);
    el.querySelector(".countdown-text").textContent = el.dataset.ended;
    el.dispatchEvent(new CustomEvent("ended", { bubbles: true }));
  };
  const timer = setInterval(() => (el.isConnected ? tick() : clearInterval(timer)), 1000);
});

// The clock of the wall keeps time between updates.
pasokh.each("[data-wall-clock]", (el) => {
  const show = () => {
    if (!el.isConnected) return clearInterval(timer);
    const now = new Date(Date.now() + 3.5 * 3600e3);
    el.textContent = pasokh.digits(`${now.getUTCHours()}:${String(now.getUTCMinutes()).padStart(2, "0")}`);
  };
  const timer = setInterval(show, 5000);
});
