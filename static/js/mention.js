// Colleagues are offered while a note is typed: @ and the beginning of a name
// open a list below the text. The text stays what is sent; without scripts the
// user name is simply typed.
{
  const handle = /(?:^|[^\w.@])@([^\s@]{1,30})$/;

  class Mentions {
    constructor(field) {
      const { make } = pasokh;
      this.field = field;
      this.text = field.querySelector("textarea");
      this.id = `${this.text.id}-colleagues`;
      this.list = make("div", { class: "combo-list mention-list", id: this.id, role: "listbox", "aria-label": field.dataset.label, hidden: true });
      this.said = make("p", { class: "visually-hidden", role: "status" });
      field.append(this.list, this.said);
      this.text.setAttribute("aria-controls", this.id);
      this.text.setAttribute("aria-autocomplete", "list");
      this.text.addEventListener("input", () => this.ask());
      this.text.addEventListener("click", () => this.ask());
      this.text.addEventListener("blur", () => this.close());
      this.text.addEventListener("keydown", (event) => this.press(event));
      this.list.addEventListener("mousedown", (event) => {
        event.preventDefault();
        const line = event.target.closest("[data-user]");
        if (line) this.choose(line);
      });
    }

    /** What stands between the last @ and the cursor. */
    typed() { return handle.exec(this.text.value.slice(0, this.text.selectionStart))?.[1] ?? ""; }

    ask() {
      clearTimeout(this.wait);
      const typed = this.typed();
      if (!typed) return this.close();
      this.wait = setTimeout(() => this.fetch(typed), 150);
    }

    async fetch(typed) {
      try {
        const answer = await fetch(`${this.field.dataset.mention}?q=${encodeURIComponent(typed)}`, { headers: { "HX-Request": "true" } });
        if (!answer.ok || this.typed() !== typed) return;
        this.show(await answer.text());
      } catch { this.close(); }
    }

    show(html) {
      this.list.innerHTML = html; // our own fragment, escaped where it was made
      this.lines = [...this.list.querySelectorAll("[data-user]")];
      this.lines.forEach((line, i) => { line.id = `${this.id}-${i}`; });
      if (!this.lines.length) this.list.append(pasokh.make("div", { class: "combo-none", role: "option", "aria-disabled": "true" }, this.field.dataset.none));
      this.list.hidden = false;
      this.said.textContent = this.lines.length ? this.field.dataset.found.replace("{n}", pasokh.digits(this.lines.length)) : this.field.dataset.none;
      this.activate(this.lines[0]);
    }

    close() {
      clearTimeout(this.wait);
      this.list.hidden = true;
      this.active = null;
      this.text.removeAttribute("aria-activedescendant");
    }

    activate(line) {
      this.active?.classList.remove("active");
      this.active?.setAttribute("aria-selected", "false");
      this.active = line;
      if (!line) return this.text.removeAttribute("aria-activedescendant");
      line.classList.add("active");
      line.setAttribute("aria-selected", "true");
      line.scrollIntoView({ block: "nearest" });
      this.text.setAttribute("aria-activedescendant", line.id);
    }

    choose(line) {
      const { value, selectionStart: at } = this.text;
      const from = at - this.typed().length, after = value.slice(at);
      const name = line.dataset.user + (/^\s/.test(after) ? "" : " ");
      this.text.value = value.slice(0, from) + name + after;
      this.text.selectionStart = this.text.selectionEnd = from + name.length;
      this.close();
      this.text.dispatchEvent(new Event("change", { bubbles: true }));
    }

    press(event) {
      if (this.list.hidden) return;
      const n = this.lines.length, at = this.lines.indexOf(this.active);
      if ((event.key === "ArrowDown" || event.key === "ArrowUp") && n) {
        event.preventDefault();
        this.activate(this.lines[(at + (event.key === "ArrowDown" ? 1 : -1) + n) % n]);
      } else if ((event.key === "Enter" || event.key === "Tab") && this.active) {
        event.preventDefault();
        this.choose(this.active);
      } else if (event.key === "Escape") {
        event.preventDefault();
        event.stopPropagation();
        this.close();
      }
    }
  }

  pasokh.each("[data-mention]", (field) => new Mentions(field));
}
