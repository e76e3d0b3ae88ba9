// Package directives holds the orders that executives give to units, in a
// meeting, in a committee or on a case: issued, carried out, reported,
// accepted or returned, with their clocks; and the executives themselves.
package directives
