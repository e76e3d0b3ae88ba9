package tenants

// Urgency says who goes first among tasks that are due; see the table of kinds.
type Urgency int16

// The urgencies, from the first to the last.
const (
	ForCodes Urgency = 1 + iota // a person waits for a sign-in code
	Urgent                      // a person waits
	Usual
	InBulk // reminders and whatever comes by the hundred
)

// Urgencies lists them in their order.
func Urgencies() []Urgency { return []Urgency{ForCodes, Urgent, Usual, InBulk} }

// String is the name of the urgency's queue.
func (u Urgency) String() string {
	switch u {
	case ForCodes:
		return "otp"
	case Urgent:
		return "critical"
	case InBulk:
		return "bulk"
	}
	return "default"
}

// urgency is how urgent tasks of the kind are.
func (r *Root) urgency(kind string) Urgency {
	if r.UrgencyOf == nil {
		return Usual
	}
	return r.UrgencyOf(kind)
}
