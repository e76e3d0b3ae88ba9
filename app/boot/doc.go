// Package boot is the only place that builds things: configuration, database,
// Redis, files, senders, pages and workers; it starts and stops them.
package boot
