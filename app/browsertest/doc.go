// Package browsertest walks the product as its users do, in a real Chromium:
// the citizen's phone, the officer's desk, the executive's tablet. On every
// page it opens there is no script error, no sideways scroll at 390 px, and
// nothing that axe finds inaccessible. testdata/axe.min.js is axe-core 4.14.1
// (MPL 2.0, licence beside it).
package browsertest
