// The screen in the hall: a chime for every call, once somebody has allowed it,
// and a word about the line: that it is lost, and that it is back.
"use strict";
{
  const button = document.querySelector("[data-wall-sound]"), back = document.querySelector("[data-wall-back]");
  const KEY = "pasokh-wall-sound";
  let sound = null, heard = null, lost = false;

  const tone = (at, pitch, length) => {
    const voice = sound.createOscillator(), loud = sound.createGain();
    voice.type = "sine";
    voice.frequency.value = pitch;
    loud.gain.setValueAtTime(0, at);
    loud.gain.linearRampToValueAtTime(.5, at + .02);
    loud.gain.exponentialRampToValueAtTime(.001, at + length);
    voice.connect(loud).connect(sound.destination);
    voice.start(at);
    voice.stop(at + length);
  };
  const chime = () => {
    document.documentElement.dataset.chimes = Number(document.documentElement.dataset.chimes || 0) + 1;
    if (sound?.state !== "running") return;
    [[0, 659.25], [.35, 523.25], [.7, 783.99]].forEach(([after, pitch]) => tone(sound.currentTime + after, pitch, 1.2));
  };

  /** Sound needs a press; one that was given before may still count. */
  const allow = async () => {
    try {
      sound ||= new AudioContext();
      await Promise.race([sound.resume(), new Promise((done) => setTimeout(done, 500))]);
    } catch { sound = null; }
    const on = sound?.state === "running";
    button.hidden = on;
    button.setAttribute("aria-pressed", String(on));
    return on;
  };
  const remember = (on) => { try { localStorage.setItem(KEY, on ? "on" : ""); } catch { /* it asks again */ } };

  // What is called now, by board; a call that was not there before is told.
  const listen = () => {
    const board = document.querySelector("[data-heard]");
    if (!board) return;
    const calls = board.dataset.heard.split(" ").filter(Boolean);
    if (heard && calls.some((call) => !heard.has(call))) chime();
    heard = new Set(calls);
  };

  const stale = (yes) => {
    const note = document.querySelector("[data-poll] [data-stale]");
    if (note) note.hidden = !yes;
  };
  const broken = (event) => {
    if (!event.target.matches?.("[data-poll]")) return;
    lost = true;
    back.hidden = true;
    stale(true);
  };
  const mended = (event) => {
    if (!event.target.matches?.("[data-poll]") || !event.detail.successful) return;
    stale(false);
    if (!lost) return;
    lost = false;
    back.hidden = false;
    setTimeout(() => { back.hidden = true; }, 6000);
  };

  if (button && "AudioContext" in window) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const on = await allow();
      remember(on);
      if (on) chime();
    });
    try { if (localStorage.getItem(KEY)) allow(); } catch { /* it asks again */ }
  }
  listen();
  document.addEventListener("htmx:afterSettle", listen);
  for (const kind of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) document.addEventListener(kind, broken);
  document.addEventListener("htmx:afterRequest", mended);
}
