// Package static holds what browsers fetch once and keep: the style sheet, the
// scripts, fonts and icons.
//
//	css/      the style sheet in parts; served joined as css/app.css,
//	          with css/desk.css, css/sheet.css (paper) and css/wall.css
//	          beside it
//	js/       our scripts in parts; served joined as js/app.js
//	vendor/   htmx and its SSE extension, Leaflet (fetched only where there
//	          is a map), copied from npm by vendor.mjs
//	fonts/    Vazirmatn, with its licence
//	icons/    sprite.svg (lucide, made by vendor.mjs from icons.txt), mark.svg
//
// Every address carries a hash of the content, so an answer may be cached for
// ever and a changed file gets a new address.
package static
