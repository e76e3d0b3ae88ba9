package complaints

import "pasokh/app/staff"

// hashPIN keeps the 80-bit PIN of a nameless report as a password is kept.
func hashPIN(pin string) string { return staff.Hasher{}.Hash(pin) }

func checkPIN(hash, pin string) bool { return staff.Hasher{}.Matches(hash, pin) }
