package views

import (
	"time"

	"pasokh/app/complaints"
	"pasokh/tenants"
	"pasokh/views/parts"
)

// DeskInbox is one page of a list of cases.
type DeskInbox struct {
	Announcements []tenants.Announcement // of the platform
	Troubles      int                    // messages that did not arrive and wait for somebody
	Tab           complaints.Tab         // empty: all cases, for a search from the top bar
	Tabs          []parts.Tab
	Counts        map[complaints.Tab]int
	Rows          []DeskRow
	Query         string // address of this very page
	Next          string
	First         string // address of the first page, from a later one
	Results       string // how many there are
	Empty         parts.EmptyOpts
	Now           time.Time

	Search, Clear                  string
	Chips                          []parts.Chip
	Topics, Units, Kinds, Channels []parts.Option

	CSRF                  string
	Saved                 []SavedList // lists that the person keeps
	Keep                  string      // query of this list when it can be kept
	KeepName              string      // that was typed, when it came back
	KeepErrors            Errors
	BulkRefer, BulkAnswer bool
	BulkRecall            bool

	Selected int64 // the case beside the list
	Case     *DeskCase
}

// SavedList is a list that the person keeps under a name.
type SavedList struct {
	ID         int64
	Name, Href string
	Current    bool
}

// bulk tells whether several cases can be chosen for one act.
func (m *DeskInbox) bulk() bool { return m.BulkRefer || m.BulkAnswer }

// DeskRow is one case in a list.
type DeskRow struct {
	ID                    int64
	Href, Code            string
	Kind                  complaints.Kind
	Topic, Snippet        string
	Citizen, Unit, Holder string
	State                 complaints.State
	Cycle, Version        int
	Secret                bool // confidential
	DueAt, RegisteredAt   time.Time
	ClosedAt              *time.Time
	Complainants          int        // of a cluster with its lead's own; 0 when it leads none
	Follows, Part         bool       // a member of a cluster; a part of another case
	SourceDue             *time.Time // until when the source wants the answer
}

// late tells whether whoever has the case is.
func (row *DeskRow) late(now time.Time) bool { return row.ClosedAt == nil && now.After(row.DueAt) }
