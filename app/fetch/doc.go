// Package fetch reads an address that somebody typed in, from the outside world
// and nowhere else: what belongs here keeps such an address from reaching our
// own network.
package fetch
