// Package messages holds every word that a person reads, in Persian and in
// English.
//
// Texts live in fa/*.json and en/*.json, one file per area of the product
// (fa/parts.json, fa/complaints.json …), as flat maps from key to text:
//
//	"case.due": "مهلت پاسخ: {date}"
//
// A key exists once per language and in both languages, with the same
// {placeholders}; the tests of this package say so. The language of a request
// travels in its context: the web layer calls With, everything else calls T.
package messages
