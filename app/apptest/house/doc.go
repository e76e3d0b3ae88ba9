// Package house holds the walls of the house itself: tests over the source
// tree and the schema that every later change meets.
package house
