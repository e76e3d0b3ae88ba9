// Package killtest kills the real program, as a power cut or the kernel would,
// while citizens use it, starts it again, and then asks the database and the
// sender's record, from outside, whether anything was lost or done twice.
package killtest
