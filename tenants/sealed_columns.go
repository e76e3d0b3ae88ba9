package tenants

// sealedTable says which columns of a table are sealed, for what goes over all
// rows: sealing those of an older installation, and turning to a new key. The
// tags of the row types say the same to the door; a test compares the two.
type sealedTable struct {
	name    string
	words   bool // its id is a word
	subject bool // its values lie under the row's own key
	columns []sealedColumn
}

type sealedColumn struct {
	name     string
	blind    string            // the column keeps the blind index, name_sealed the value
	document map[string]string // the column is JSON: sealed members, with what they are blind by
	whole    bool              // the column is JSON, sealed as a whole
}

// stored is the column in which the sealed value stands.
func (c sealedColumn) stored() string {
	if c.blind != "" {
		return c.name + "_sealed"
	}
	return c.name
}

var sealedTables = []sealedTable{
	// Before citizens: what they are searched by is known as long as those are clear.
	{name: "complaints", columns: []sealedColumn{
		{name: "place", document: map[string]string{"address": "", "postal_code": "postal_code", "subscription": "subscription"}},
	}},
	{name: "citizens", subject: true, columns: []sealedColumn{
		{name: "mobile", blind: "mobile"}, {name: "national_id", blind: "national_id"}, {name: "email", blind: "email"}, {name: "phone", blind: "phone"}, {name: "name"},
	}},
	{name: "otp_codes", columns: []sealedColumn{{name: "mobile", blind: "mobile"}}},
	{name: "sessions", words: true, columns: []sealedColumn{{name: "mobile", blind: "mobile"}}},
	{name: "calendar_feeds", words: true, columns: []sealedColumn{{name: "mobile", blind: "mobile"}}},
	{name: "drafts", columns: []sealedColumn{{name: "content", whole: true}}},
	{name: "inbound_messages", columns: []sealedColumn{{name: "sender", blind: "sender"}, {name: "title"}, {name: "text"}}},
	{name: "inbound_calls", columns: []sealedColumn{{name: "caller", blind: "caller"}}},
	{name: "erasure_requests", columns: []sealedColumn{{name: "mobile", blind: "mobile"}}},
	{name: "mobile_changes", columns: []sealedColumn{{name: "old_mobile", blind: "mobile"}, {name: "new_mobile", blind: "mobile"}}},
	{name: "messages", columns: []sealedColumn{{name: "text"}}},
	{name: "notifications", columns: []sealedColumn{{name: "text"}}},
	{name: "problem_reports", columns: []sealedColumn{{name: "text"}}},
	{name: "import_problems", columns: []sealedColumn{{name: "value"}}},
}
