// Package views holds the pages: one templ file per resource, made of the
// parts in views/parts. A page is its body only; the web layer puts it into
// its layout, or sends it alone to htmx. Pages take parts.Page and one struct
// of plain values or of the rooms' types, and never a database.
package views
