// A form that is filled in where the line may break (data-draft): what is typed
// stays on the device until it has arrived, and waits for the line to be sent.
// Photos are not kept: they are too large, and would stay on a shared device.
{
  const PREFIX = "pasokh-draft:", KEPT = 7 * 24 * 3600e3, TRY_EVERY = 15e3;

  const store = {
    read(key) { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } },
    write(key, value) { try { localStorage.setItem(key, JSON.stringify(value)); return true; } catch { return false; } },
    drop(key) { try { localStorage.removeItem(key); } catch { /* private windows have no store */ } },
    tidy() {
      try {
        Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)).forEach((key) => {
          if (!(Date.now() - (store.read(key)?.at ?? 0) < KEPT)) store.drop(key);
        });
      } catch { /* the same */ }
    },
  };

  /** Does the server answer at this moment? */
  const reachable = async () => {
    if (navigator.onLine === false) return false;
    try { return (await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(6000) })).ok; } catch { return false; }
  };

  class Draft {
    constructor(form) {
      this.form = form;
      this.key = PREFIX + form.dataset.draft;
      this.line = form.querySelector("[data-draft-state]");
      this.restore();
      form.addEventListener("input", () => this.keep());
      form.addEventListener("submit", (event) => this.send(event));
      addEventListener("online", () => { if (this.timer) this.again(); });
    }

    fields() {
      return [...this.form.elements].filter((el) => el.name && !["hidden", "file", "submit", "button"].includes(el.type));
    }

    typed() { return this.fields().some((el) => (el.type === "radio" || el.type === "checkbox" ? el.checked : el.value.trim())); }

    restore() {
      const kept = store.read(this.key);
      const newer = this.form.dataset.draftAt && kept?.at > Number(this.form.dataset.draftAt);
      if (!kept || (this.typed() && !newer)) return; // the server's copy is newer
      for (const el of this.fields()) {
        const value = kept.values[el.name];
        if (value === undefined) continue;
        if (el.type === "radio" || el.type === "checkbox") el.checked = value === el.value;
        else el.value = value;
        el.dispatchEvent(new Event("change", { bubbles: true }));
      }
      this.say("restored");
    }

    keep() {
      const values = {};
      for (const el of this.fields()) {
        if (el.type === "radio" || el.type === "checkbox") { if (el.checked) values[el.name] = el.value; } else if (el.value) values[el.name] = el.value;
      }
      if (store.write(this.key, { at: Date.now(), values }) && !this.timer) this.say("kept");
    }

    /** Hold the form back until the server can be reached; then it goes as any form does. */
    async send(event) {
      if (this.sure) return;
      this.by = event.submitter;
      event.preventDefault();
      event.stopPropagation();
      this.keep();
      await this.again();
    }

    async again() {
      clearTimeout(this.timer);
      this.timer = 0;
      if (await reachable()) {
        this.sure = true;
        this.form.requestSubmit(this.by);
        return;
      }
      this.say("waiting");
      this.timer = setTimeout(() => this.again(), TRY_EVERY);
    }

    say(what) {
      if (!this.line) return;
      this.line.textContent = this.line.dataset[what];
      this.line.dataset.state = what;
      this.line.hidden = false;
    }
  }

  store.tidy();
  pasokh.each("[data-draft-done]", (el) => store.drop(PREFIX + el.dataset.draftDone));
  pasokh.each("form[data-draft]", (form) => new Draft(form));
}
