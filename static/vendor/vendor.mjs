// Copies the browser code that Pasokh ships out of node_modules and writes manifest.json.
//
//   npm ci --ignore-scripts && node vendor.mjs     refresh the files
//   npm ci --ignore-scripts && node vendor.mjs --check   fail when a committed file differs
//
// The copied files are committed, so building Pasokh needs neither npm nor a network.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..");
const modules = join(here, "node_modules");

/** What is copied: [package, file in the package, place under static/]. */
const copies = [
  ["htmx.org", "dist/htmx.min.js", "vendor/htmx.min.js"],
  ["htmx.org", "LICENSE", "vendor/licenses/htmx.txt"],
  ["leaflet", "dist/leaflet.js", "vendor/leaflet.js"],
  ["leaflet", "dist/leaflet.css", "vendor/leaflet.css"],
  ["leaflet", "LICENSE", "vendor/licenses/leaflet.txt"],
  ["lucide-static", "LICENSE", "vendor/licenses/lucide.txt"],
  ["@fontsource-variable/vazirmatn", "files/vazirmatn-arabic-wght-normal.woff2", "fonts/vazirmatn-arabic.woff2"],
  ["@fontsource-variable/vazirmatn", "files/vazirmatn-latin-wght-normal.woff2", "fonts/vazirmatn-latin.woff2"],
  ["@fontsource-variable/vazirmatn", "LICENSE", "fonts/OFL.txt"],
];

const version = (name) => JSON.parse(readFileSync(join(modules, name, "package.json"), "utf8"));

/** One <symbol> per icon named in icons.txt, strokes taking the colour of the text around them. */
function sprite() {
  const names = readFileSync(join(here, "icons.txt"), "utf8")
    .split("\n").map((line) => line.trim()).filter((line) => line && !line.startsWith("#"));
  if (new Set(names).size !== names.length) throw new Error("icons.txt names an icon twice");
  const symbols = names.sort().map((name) => {
    const svg = readFileSync(join(modules, "lucide-static/icons", `${name}.svg`), "utf8");
    const body = svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.indexOf("</svg>"))
      .replace(/\s*\n\s*/g, "").replace(/\s*\/>/g, "/>");
    return `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">${body}</symbol>`;
  });
  return Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`);
}

const files = copies.map(([name, from, to]) => ({ name, from, to, data: readFileSync(join(modules, name, from)) }));
files.push({ name: "lucide-static", from: "icons/*.svg", to: "icons/sprite.svg", data: sprite() });

const manifest = files.map(({ name, from, to, data }) => {
  const pkg = version(name);
  return {
    file: to, package: name, version: pkg.version, from,
    licence: pkg.license, size: data.length,
    sha384: createHash("sha384").update(data).digest("base64"),
  };
});
if (manifest.some((entry) => !entry.licence)) throw new Error("a package has no licence: name it in vendor.mjs");
files.push({ to: "vendor/manifest.json", data: Buffer.from(JSON.stringify(manifest, null, 2) + "\n") });

const lock = readFileSync(join(here, "package-lock.json"), "utf8");
if (/"resolved"/.test(lock)) throw new Error("package-lock.json names a registry: remove its \"resolved\" lines");

const drifted = files.filter(({ to, data }) => {
  const path = join(root, to);
  return !existsSync(path) || !readFileSync(path).equals(data);
});
if (process.argv.includes("--check")) {
  drifted.forEach(({ to }) => console.error(`static/${to} differs from its package`));
  process.exit(drifted.length ? 1 : 0);
}
for (const { to, data } of drifted) {
  mkdirSync(dirname(join(root, to)), { recursive: true });
  writeFileSync(join(root, to), data);
  console.log("wrote", relative(root, join(root, to)), data.length);
}
