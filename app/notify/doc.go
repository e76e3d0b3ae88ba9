// Package notify reaches people: what is said to whom when something happened,
// the record of every message, and the senders that carry them.
package notify
