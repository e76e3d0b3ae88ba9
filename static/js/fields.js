// Text areas grow where the browser cannot do it by itself.
pasokh.on("input", "textarea[data-grow]", (area) => {
  if (CSS.supports("field-sizing", "content")) return;
  area.style.height = "auto";
  area.style.height = `${area.scrollHeight + 2}px`;
});

// How many characters are left.
pasokh.each("[data-counter]", (counter) => {
  const input = document.getElementById(counter.dataset.counter);
  const limit = Number(counter.dataset.limit);
  if (!input) return;
  input.removeAttribute("maxlength"); // the words below say it better than a dead key
  const show = () => {
    const left = limit - [...input.value].length;
    counter.textContent = (left < 0 ? counter.dataset.over : counter.dataset.left).replace("{n}", pasokh.digits(Math.abs(left)));
    counter.classList.toggle("counter-over", left < 0);
  };
  input.addEventListener("input", show);
  show();
});

// Digits typed into a number are shown in the page's own, whatever the keyboard
// writes; a code stays in ASCII. What is sent is ASCII.
pasokh.on("input", "[data-digits]", (input) => {
  const ascii = pasokh.ascii(input.value);
  const text = input.classList.contains("code-input") ? ascii : pasokh.digits(ascii);
  if (text === input.value) return;
  const at = input.selectionStart;
  input.value = text;
  input.setSelectionRange(at, at);
});

document.addEventListener("formdata", ({ target, formData }) => {
  const names = new Set([...target.elements].filter((el) => el.name && el.matches("[data-digits]")).map((el) => el.name));
  for (const name of names) {
    const values = formData.getAll(name);
    formData.delete(name);
    for (const value of values) formData.append(name, typeof value === "string" ? pasokh.ascii(value) : value);
  }
});

// A tracking code groups itself while it is typed: PX4K-7M2Q-9TB.
pasokh.on("input", "[data-group]", (input, event) => {
  if (event.inputType?.startsWith("delete")) return;
  const text = input.value.toUpperCase().replace(/[^A-Z0-9]/g, "").slice(0, Number(input.dataset.group));
  input.value = text.replace(/(.{4})(?=.)/g, "$1-");
});

// A one-time code that is complete sends its form.
pasokh.on("input", ".code-otp", (input) => {
  input.value = input.value.replace(/\D/g, "");
  if (input.value.length === Number(input.maxLength) && input.form && !input.form.dataset.sent) input.form.requestSubmit();
});

// A phone's own position.
pasokh.on("click", "[data-locate]", (button) => {
  const name = button.dataset.locate, out = document.getElementById(`${name}-located`);
  out.textContent = button.dataset.busyText;
  navigator.geolocation?.getCurrentPosition(({ coords }) => {
    document.getElementById(`${name}_lat`).value = coords.latitude.toFixed(5);
    document.getElementById(`${name}_lng`).value = coords.longitude.toFixed(5);
    out.textContent = button.dataset.done;
    document.querySelector(`[data-map="${name}"]`)?.dispatchEvent(new Event("located"));
  }, () => { out.textContent = button.dataset.failed; }, { enableHighAccuracy: true, timeout: 15000 });
});
