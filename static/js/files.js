// Files: a check of size and number before sending, pictures of what was
// chosen, removal, drag and drop, camera, progress.
{
  const size = (bytes, units) => {
    const [b, kb, mb] = units.split(",");
    if (bytes < 1024) return `${pasokh.digits(bytes)} ${b}`;
    return bytes < 1 << 20 ? `${pasokh.digits(Math.round(bytes / 1024))} ${kb}` : `${pasokh.digits((bytes / (1 << 20)).toFixed(1).replace(/\.0$/, ""))} ${mb}`.replace(".", pasokh.fa ? "٫" : ".");
  };

  class Files {
    constructor(root) {
      this.root = root;
      this.input = root.querySelector("input[type=file]");
      this.list = root.querySelector("[data-list]");
      this.words = root.dataset;
      this.chosen = [];
      this.input.addEventListener("change", () => { if (!this.filling) this.add([...this.input.files]); });
      const drop = root.querySelector(".drop");
      const over = (on) => (event) => { event.preventDefault(); drop.classList.toggle("drop-over", on); };
      drop.addEventListener("dragover", over(true));
      drop.addEventListener("dragleave", over(false));
      drop.addEventListener("drop", (event) => { over(false)(event); this.add([...event.dataTransfer.files]); });
      root.querySelector("[data-camera]")?.addEventListener("click", () => this.camera());
      this.input.form?.addEventListener("htmx:xhr:progress", (event) => this.progress(event.detail));
      this.input.form?.addEventListener("reset", () => { this.chosen = []; this.draw([]); });
    }

    camera() {
      const shot = pasokh.make("input", { type: "file", accept: "image/*", capture: "environment" });
      shot.addEventListener("change", () => this.add([...shot.files]));
      shot.click();
    }

    add(files) {
      const refused = [], most = Number(this.words.maxFiles);
      if (most === 1) this.chosen = [];
      for (const file of files) {
        const known = this.chosen.some((f) => f.name === file.name && f.size === file.size);
        const sent = this.list.querySelectorAll(".file-remove input:not(:checked)").length;
        if (file.size > Number(this.words.maxBytes)) refused.push([file, this.words.tooBig.replace("{name}", file.name)]);
        else if (this.chosen.length + sent >= most) refused.push([file, this.words.tooMany]);
        else if (!known) this.chosen.push(file);
      }
      this.draw(refused);
    }

    /** Put what was chosen into the input, and show it. */
    draw(refused) {
      const transfer = new DataTransfer();
      this.chosen.forEach((file) => transfer.items.add(file));
      this.filling = true;
      this.input.files = transfer.files;
      this.filling = false;
      this.list.querySelectorAll("[data-chosen]").forEach((line) => line.remove());
      this.chosen.forEach((file) => this.list.append(this.line(file)));
      refused.forEach(([file, why]) => this.list.append(this.line(file, why)));
    }

    line(file, why) {
      const { make } = pasokh, thumb = make("span", { class: "file-thumb" });
      if (!why && file.type.startsWith("image/")) this.picture(file, thumb);
      else thumb.append(pasokh.icon(why ? "circle-alert" : "file-text"));
      const button = make("button", { type: "button", class: "btn btn-quiet btn-icon", "aria-label": this.words.remove.replace("{name}", file.name), title: this.words.remove.replace("{name}", file.name) }, pasokh.icon("x"));
      const line = make("li", { class: `file${why ? " file-refused" : ""}`, "data-chosen": true }, thumb,
        make("span", { class: "file-text" }, make("bdi", { class: "file-name" }, file.name), make("span", { class: why ? "file-error" : "file-size" }, why || size(file.size, this.words.units))), button);
      button.addEventListener("click", () => {
        this.chosen = this.chosen.filter((f) => f !== file);
        line.remove();
        if (!why) this.draw([]);
        this.input.focus();
      });
      return line;
    }

    /** A small picture, drawn on a canvas: the policy allows no blob: addresses. */
    async picture(file, into) {
      try {
        const image = await createImageBitmap(file, { resizeWidth: 96, resizeQuality: "medium" });
        const canvas = pasokh.make("canvas", { width: 48, height: 48 }), side = Math.min(image.width, image.height);
        canvas.getContext("2d").drawImage(image, (image.width - side) / 2, (image.height - side) / 2, side, side, 0, 0, 48, 48);
        into.append(canvas);
      } catch {
        into.append(pasokh.icon("image"));
      }
    }

    progress({ lengthComputable, loaded, total }) {
      const bar = this.root.querySelector("[data-progress]");
      bar.hidden = !lengthComputable || !this.chosen.length;
      bar.value = total ? 100 * loaded / total : 0;
    }
  }

  pasokh.each("[data-files]", (root) => new Files(root));
}
