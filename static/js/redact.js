// Covering parts of a scan: boxes are drawn over the staff copy with mouse or
// finger, moved and sized with the arrow keys. The numbers of the form are what
// is sent; the server burns the boxes in.
"use strict";
pasokh.each("form[data-redact]", (form) => {
  const stage = form.querySelector("[data-stage]"), numbers = form.querySelector("[data-numbers] fieldset");
  const width = Number(form.dataset.width), height = Number(form.dataset.height), LEAST = 8, STEP = Math.max(4, Math.round(width / 200));
  const rows = () => [...numbers.querySelectorAll("[data-row]")];
  const fields = (row) => [...row.querySelectorAll("input")];
  const read = (row) => fields(row).map((el) => parseInt(pasokh.ascii(el.value), 10));
  const clamp = (n, low, high) => Math.min(Math.max(n, low), Math.max(low, high));
  const stale = () => { form.querySelector("[data-preview]")?.remove(); form.querySelector("[data-publish]")?.remove(); };

  const fit = ([x, y, w, h]) => {
    w = clamp(w, LEAST, width); h = clamp(h, LEAST, height);
    return [clamp(x, 0, width - w), clamp(y, 0, height - h), w, h];
  };

  /** Draw the box of a row where its numbers say. */
  const place = (box) => {
    const [x, y, w, h] = read(box.row);
    box.style.left = `${x / width * 100}%`;
    box.style.top = `${y / height * 100}%`;
    box.style.width = `${w / width * 100}%`;
    box.style.height = `${h / height * 100}%`;
  };

  const write = (box, values) => {
    fit(values.map(Math.round)).forEach((n, i) => { fields(box.row)[i].value = n; });
    place(box);
    stale();
  };

  const freeRow = () => {
    const empty = rows().find((row) => fields(row).every((el) => !el.value.trim()));
    if (empty) return empty;
    const row = rows().at(-1).cloneNode(true);
    fields(row).forEach((el) => { el.value = ""; });
    row.querySelector(".num").textContent = pasokh.digits(rows().length + 1);
    numbers.append(row);
    watch(row);
    return row;
  };

  const remove = (box) => {
    const after = box.nextElementSibling || box.previousElementSibling;
    fields(box.row).forEach((el) => { el.value = ""; });
    box.row.box = null;
    box.remove();
    stale();
    if (after?.matches?.(".redact-box")) after.focus();
  };

  const keys = (box, event) => {
    const [x, y, w, h] = read(box.row), step = event.ctrlKey ? 1 : STEP;
    const go = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[event.key];
    if (event.key === "Delete" || event.key === "Backspace") { event.preventDefault(); remove(box); return; }
    if (!go) return;
    event.preventDefault();
    write(box, event.shiftKey ? [x, y, w + go[0], h + go[1]] : [x + go[0], y + go[1], w, h]);
  };

  const add = (row) => {
    const name = form.dataset.box.replace("{n}", pasokh.digits(rows().indexOf(row) + 1));
    const box = pasokh.make("button", { type: "button", class: "redact-box", "aria-label": name }, pasokh.make("span", { class: "redact-grip", "aria-hidden": "true" }));
    box.row = row;
    row.box = box;
    stage.append(box);
    box.addEventListener("keydown", (event) => keys(box, event));
    place(box);
    return box;
  };

  /** What is typed moves the box, too. */
  const watch = (row) => row.addEventListener("input", () => {
    const whole = read(row).every((n) => Number.isFinite(n));
    stale();
    if (whole) place(row.box || add(row)); else if (row.box) { row.box.remove(); row.box = null; }
  });

  const point = (event) => {
    const frame = stage.getBoundingClientRect();
    return [(event.clientX - frame.left) / frame.width * width, (event.clientY - frame.top) / frame.height * height];
  };

  stage.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    event.preventDefault();
    const from = point(event), held = event.target.closest(".redact-box"), sizing = event.target.closest(".redact-grip");
    const start = held ? read(held.row) : null;
    let box = held;
    const move = (now) => {
      const at = point(now), dx = at[0] - from[0], dy = at[1] - from[1];
      if (!box && Math.hypot(dx, dy) < LEAST) return;
      if (!box) {
        const row = freeRow();
        [from[0], from[1], LEAST, LEAST].forEach((n, i) => { fields(row)[i].value = Math.round(n); });
        box = add(row);
      }
      if (!start) write(box, [Math.min(from[0], at[0]), Math.min(from[1], at[1]), Math.abs(dx), Math.abs(dy)]);
      else if (sizing) write(box, [start[0], start[1], start[2] + dx, start[3] + dy]);
      else write(box, [start[0] + dx, start[1] + dy, start[2], start[3]]);
    };
    const end = () => {
      stage.removeEventListener("pointermove", move);
      stage.removeEventListener("pointerup", end);
      stage.removeEventListener("pointercancel", end);
      box?.focus();
    };
    stage.setPointerCapture(event.pointerId);
    stage.addEventListener("pointermove", move);
    stage.addEventListener("pointerup", end);
    stage.addEventListener("pointercancel", end);
  });

  rows().forEach((row) => {
    watch(row);
    if (read(row).every((n) => Number.isFinite(n))) add(row);
  });
});
