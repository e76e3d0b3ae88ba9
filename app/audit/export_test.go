package audit

// Plain is the hash of a line without a key.
func Plain(e *Entry) string { return e.plain() }
