// A point on a map, where the installation names a server of map tiles. The
// numbers in the fields stay the value of the form; the map only helps to find
// them. Leaflet is fetched when the first map comes into sight.
{
  let leaflet;
  const sheet = (href) => new Promise((done) => {
    const link = pasokh.make("link", { rel: "stylesheet", href });
    link.onload = link.onerror = done;
    document.head.append(link);
  });
  const load = ({ script, styles }) => leaflet ||= Promise.all([
    ...styles.split(" ").map(sheet),
    new Promise((done, failed) => {
      const tag = pasokh.make("script", { src: script });
      tag.onload = done;
      tag.onerror = failed;
      document.head.append(tag);
    }),
  ]);
  const number = (input) => Number.parseFloat(pasokh.ascii(input?.value || "").replace(",", "."));
  /** What the map shows before a point is set: the whole country. */
  const country = { at: [32.6, 53.7], zoom: 5, near: 16 };

  async function draw(el) {
    el.hidden = false;
    try { await load(el.dataset); } catch { el.hidden = true; return; }
    const name = el.dataset.map, lat = document.getElementById(`${name}_lat`), lng = document.getElementById(`${name}_lng`);
    const fixed = [Number(el.dataset.lat), Number(el.dataset.lng)];
    const here = () => name ? [number(lat), number(lng)] : fixed;
    const set = () => here().every((n) => Number.isFinite(n) && n !== 0);
    const map = L.map(el, { scrollWheelZoom: false, attributionControl: false, zoomControl: true });
    map.zoomControl._zoomInButton?.setAttribute("aria-label", el.dataset.zoomIn);
    map.zoomControl._zoomOutButton?.setAttribute("aria-label", el.dataset.zoomOut);
    L.tileLayer(el.dataset.tiles, { maxZoom: 19 }).addTo(map);
    const mark = L.circleMarker(country.at, { radius: 9, className: "map-mark" });
    const show = () => {
      if (!set()) { mark.remove(); return; }
      mark.setLatLng(here()).addTo(map);
    };
    map.setView(set() ? here() : country.at, set() ? country.near : country.zoom);
    show();
    if (!name) return;
    map.on("click", ({ latlng }) => {
      lat.value = latlng.lat.toFixed(5);
      lng.value = latlng.lng.toFixed(5);
      show();
    });
    const moved = () => { show(); if (set()) map.setView(here(), Math.max(map.getZoom(), country.near)); };
    [lat, lng].forEach((input) => input.addEventListener("change", moved));
    el.addEventListener("located", moved);
  }

  pasokh.each("[data-map]", (el) => {
    // Inside something closed there is no size yet: draw when it opens.
    const closed = el.closest("details:not([open])");
    if (closed) closed.addEventListener("toggle", () => draw(el), { once: true });
    else draw(el);
  });
  pasokh.on("click", "[data-clear-point]", (button) => {
    const name = button.dataset.clearPoint;
    for (const id of [`${name}_lat`, `${name}_lng`]) {
      const input = document.getElementById(id);
      input.value = "";
      input.dispatchEvent(new Event("change", { bubbles: true }));
    }
  });
}
