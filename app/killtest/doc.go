// Package killtest lets citizens use the real program while its processes, its
// PostgreSQL, its Redis and its provider fail again and again, and then compares
// from outside what was acknowledged with what stands and what was sent.
package killtest
