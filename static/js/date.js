// A Solar Hijri calendar beside a typed date: 33-year cycle, week from Saturday.
{
  const leap = (y) => (25 * y + 11) % 33 < 8;
  const length = (y, m) => (m < 7 ? 31 : m < 12 || leap(y) ? 30 : 29);
  /** Days from 1 Farvardin 1300, a Monday (21 March 1921). */
  const number = (y, m, d) => {
    let n = d - 1;
    for (let i = 1; i < m; i++) n += length(y, i);
    for (let i = 1300; i < y; i++) n += leap(i) ? 366 : 365;
    return n;
  };
  const fromNumber = (n) => {
    let y = 1300, m = 1;
    while (n >= (leap(y) ? 366 : 365)) n -= leap(y++) ? 366 : 365;
    while (n >= length(y, m)) n -= length(y, m++);
    return [y, m, n + 1];
  };
  const START = Date.UTC(1921, 2, 21);
  const today = () => fromNumber(Math.floor((Date.now() + 3.5 * 3600e3 - START) / 864e5));
  const write = ([y, m, d]) => `${y}/${String(m).padStart(2, "0")}/${String(d).padStart(2, "0")}`;
  const read = (text) => {
    const found = pasokh.ascii(text || "").match(/^\s*(1[34]\d\d)\D(\d{1,2})\D(\d{1,2})\s*$/)?.slice(1).map(Number);
    return found && found[1] >= 1 && found[1] <= 12 && found[2] >= 1 && found[2] <= length(found[0], found[1]) ? found : null;
  };

  class Calendar {
    constructor(field) {
      this.field = field;
      this.input = field.querySelector("input");
      this.words = field.dataset;
      this.button = pasokh.make("button", { type: "button", class: "date-open", "aria-label": this.words.open, "aria-expanded": "false", title: this.words.open }, pasokh.icon("calendar"));
      this.input.after(this.button);
      this.button.addEventListener("click", () => (this.box ? this.close() : this.open()));
      field.addEventListener("keydown", (event) => this.press(event));
      field.addEventListener("focusout", (event) => { if (this.box && event.relatedTarget && !field.contains(event.relatedTarget)) this.close(); });
      document.addEventListener("click", (event) => { if (this.box && !event.composedPath().includes(field)) this.close(); });
    }

    open() {
      this.at = read(this.input.value) || today();
      this.box = pasokh.make("div", { class: "calendar", role: "dialog", "aria-label": this.words.open, dir: document.documentElement.dir });
      this.field.append(this.box);
      this.button.setAttribute("aria-expanded", "true");
      this.draw(true);
    }

    close(focus) {
      this.box?.remove();
      this.box = null;
      this.button.setAttribute("aria-expanded", "false");
      if (focus) this.button.focus();
    }

    draw(focus) {
      const { make, digits } = pasokh, [y, m] = this.at, months = this.words.months.split(",");
      const turn = (label, name, by) => {
        const button = make("button", { type: "button", class: "btn btn-quiet btn-icon btn-small", "aria-label": label, title: label }, pasokh.icon(name));
        button.firstChild.classList.add("icon-flip");
        button.addEventListener("click", () => { this.move(by); this.draw(); });
        return button;
      };
      const now = make("button", { type: "button", class: "btn btn-quiet btn-small btn-wide" }, this.words.today);
      now.addEventListener("click", () => this.choose(today()));
      const rows = [], skip = (number(y, m, 1) + 2) % 7;
      for (let d = 1 - skip; d <= length(y, m); d += 7) {
        rows.push(make("tr", {}, ...[...Array(7).keys()].map((i) => make("td", {}, ...(d + i >= 1 && d + i <= length(y, m) ? [this.day([y, m, d + i], i === 6)] : [])))));
      }
      this.box.replaceChildren(
        make("div", { class: "calendar-head" }, turn(this.words.previous, "chevron-left", -1), make("span", { "aria-live": "polite" }, `${months[m - 1]} ${digits(y)}`), turn(this.words.next, "chevron-right", 1)),
        make("table", {}, make("thead", {}, make("tr", {}, ...this.words.weekdays.split(",").map((w) => make("th", { scope: "col" }, w)))), make("tbody", {}, ...rows)),
        now);
      if (focus) this.box.querySelector("[tabindex='0']")?.focus();
    }

    day(date, friday) {
      const text = write(date), same = (other) => other && write(other) === text;
      const closed = friday || this.words.closed.split(",").includes(text);
      const button = pasokh.make("button", {
        type: "button", class: `day${closed ? " day-closed" : ""}${same(today()) ? " day-today" : ""}`, tabindex: same(this.at) ? "0" : "-1",
        "aria-label": `${pasokh.digits(date[2])} ${this.words.months.split(",")[date[1] - 1]} ${pasokh.digits(date[0])}`,
        "aria-pressed": String(!!same(read(this.input.value))), "aria-current": same(today()) ? "date" : null,
        disabled: this.outside(text),
      }, pasokh.digits(date[2]));
      button.addEventListener("click", () => this.choose(date));
      return button;
    }

    outside(text) {
      const { min, max } = this.words;
      return Boolean(min && text < pasokh.ascii(min) || max && text > pasokh.ascii(max));
    }

    choose(date) {
      this.input.value = pasokh.digits(write(date));
      this.input.dispatchEvent(new Event("input", { bubbles: true }));
      this.input.dispatchEvent(new Event("change", { bubbles: true }));
      this.close(true);
    }

    /** Go by months, keeping the day where the month has it. */
    move(by) {
      const [y, m, d] = this.at, index = y * 12 + m - 1 + by, year = Math.floor(index / 12), month = index % 12 + 1;
      this.at = [year, month, Math.min(d, length(year, month))];
    }

    press(event) {
      if (!this.box) return;
      const onward = document.documentElement.dir === "rtl" ? -1 : 1;
      const days = { ArrowRight: onward, ArrowLeft: -onward, ArrowDown: 7, ArrowUp: -7 }[event.key];
      if (event.key === "Escape") { event.stopPropagation(); this.close(true); }
      if (!this.box || !event.target.matches(".day")) return;
      if (days) this.at = fromNumber(number(...this.at) + days);
      else if (event.key === "PageDown") this.move(1);
      else if (event.key === "PageUp") this.move(-1);
      else return;
      event.preventDefault();
      this.draw(true);
    }
  }

  pasokh.each("[data-date]", (field) => new Calendar(field));
}
