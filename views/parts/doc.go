// Package parts is the design system: every button, field, table and layout
// that pages are made of.
//
// Each part is a templ component that takes one options struct of plain values
// (Button takes ButtonOpts) and knows nothing of the product's rooms. Texts
// passed in are already in the reader's language; the few words a part says by
// itself come from the message catalogue under "parts.".
//
// Rules that hold everywhere: no style attributes and no inline scripts (the
// content security policy forbids them), logical directions only, everything
// works without JavaScript, and no meaning is carried by colour alone. The page
// /dev/parts (Gallery) shows every part in every state.
package parts
