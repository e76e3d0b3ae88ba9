// A long <select> becomes a list that can be searched (ARIA combobox). The
// <select> stays the value of the form and tells its changes as before.
{
  /** The key that texts are compared by: one spelling for ي/ی, ك/ک, آ/ا, digits; no half-spaces. */
  const key = (text) => pasokh.ascii(text.normalize("NFKC").toLowerCase())
    .replace(/[يىئ]/g, "ی").replace(/ك/g, "ک").replace(/[آأإٱ]/g, "ا").replace(/ؤ/g, "و").replace(/[ةۀ]/g, "ه")
    .replace(/[\u064b-\u0654\u0670\u0640\u200c\s]/g, "");

  class Combo {
    constructor(select) {
      this.select = select;
      this.id = `${select.id}-list`;
      const { make } = pasokh;
      this.list = make("div", { class: "combo-list", id: this.id, role: "listbox", hidden: true });
      this.input = make("input", {
        class: "input", type: "text", role: "combobox", autocomplete: "off", spellcheck: "false", id: `${select.id}-search`,
        "aria-expanded": "false", "aria-controls": this.id, "aria-autocomplete": "list",
        "aria-describedby": select.getAttribute("aria-describedby"), "aria-invalid": select.getAttribute("aria-invalid"),
        placeholder: select.options[0]?.value === "" ? select.options[0].text : null,
      });
      this.input.disabled = select.disabled;
      const label = select.labels[0];
      if (label) {
        label.htmlFor = this.input.id;
        label.id ||= `${select.id}-label`;
        this.list.setAttribute("aria-labelledby", label.id);
      }
      select.hidden = true;
      select.after(this.input, this.list);
      this.input.value = this.chosen();
      this.listen();
    }

    chosen() { const o = this.select.selectedOptions[0]; return o && o.value ? o.text : ""; }

    listen() {
      this.input.addEventListener("input", () => this.open(this.input.value));
      this.input.addEventListener("click", () => this.open(""));
      this.input.addEventListener("focus", () => this.input.select());
      this.input.addEventListener("blur", () => { this.input.value = this.chosen(); this.close(); });
      this.input.addEventListener("keydown", (event) => this.press(event));
      this.list.addEventListener("mousedown", (event) => {
        event.preventDefault();
        const at = event.target.closest("[role=option]");
        if (at) this.choose(at);
      });
      this.select.form?.addEventListener("reset", () => setTimeout(() => { this.input.value = this.chosen(); }));
      this.select.addEventListener("focus", () => this.input.focus());
    }

    open(text) {
      const want = key(text);
      const found = [...this.select.options].filter((o) => o.value && !o.disabled && key(o.text).includes(want));
      this.list.replaceChildren();
      let group = "";
      found.slice(0, 200).forEach((o) => {
        const name = o.parentElement.label || "";
        if (name !== group) this.list.append(pasokh.make("div", { class: "combo-group", role: "presentation" }, name));
        group = name;
        const line = pasokh.make("div", { class: "combo-option", role: "option", id: `${this.id}-${o.index}`, "aria-selected": String(o.selected) }, o.text);
        line.option = o;
        this.list.append(line);
      });
      if (!found.length) this.list.append(pasokh.make("div", { class: "combo-none", role: "option", "aria-disabled": "true" }, this.select.dataset.none));
      this.list.hidden = false;
      this.input.setAttribute("aria-expanded", "true");
      const lines = this.lines();
      this.activate(lines.find((line) => line.option.selected && !want) || (want && lines[0]) || null);
    }

    lines() { return [...this.list.querySelectorAll(".combo-option")]; }

    close() {
      this.list.hidden = true;
      this.input.setAttribute("aria-expanded", "false");
      this.input.removeAttribute("aria-activedescendant");
    }

    activate(line) {
      this.active?.classList.remove("active");
      this.active = line;
      if (!line) { this.input.removeAttribute("aria-activedescendant"); return; }
      line.classList.add("active");
      line.scrollIntoView({ block: "nearest" });
      this.input.setAttribute("aria-activedescendant", line.id);
    }

    choose(line) {
      this.select.value = line.option.value;
      this.input.value = line.option.text;
      this.select.dispatchEvent(new Event("input", { bubbles: true }));
      this.select.dispatchEvent(new Event("change", { bubbles: true }));
      this.close();
    }

    press(event) {
      const lines = this.lines(), at = lines.indexOf(this.active), open = !this.list.hidden;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (!open) return this.open("");
        const by = event.key === "ArrowDown" ? 1 : -1;
        this.activate(lines[(at + by + lines.length) % lines.length] || null);
      } else if (event.key === "Enter" && open && this.active) {
        event.preventDefault();
        this.choose(this.active);
      } else if (event.key === "Escape" && open) {
        event.stopPropagation();
        this.close();
      } else if (event.key === "Backspace" && event.target.value.length <= 1) {
        this.select.value = "";
        this.select.dispatchEvent(new Event("change", { bubbles: true }));
      }
    }
  }

  pasokh.each("select[data-typeahead]", (select) => { select.combo = new Combo(select); });
  // An error link points at the hidden select: lead it on.
  pasokh.on("click", ".error-summary a[href^='#']", (link, event) => {
    const select = document.getElementById(link.hash.slice(1));
    if (select?.combo) { event.preventDefault(); select.combo.input.focus(); }
  });
}
