package jobs

import (
	"context"

	"pasokh/tenants"
)

// Reaction does what follows from one fact. It may be run twice, early, late
// and after the world has moved on: it reads the rows again and does nothing
// when there is nothing left to do. result is a word for the record.
type Reaction func(ctx context.Context, d *Deps, db *tenants.DB, t *tenants.Task) (result string, err error)

// Kind says how urgent a kind of task is and what it does.
type Kind struct {
	Queue string
	React Reaction
}

// kinds is the table of everything that follows from facts.
var kinds = map[string]Kind{}

// clocks is the table of everything that happens by time.
var clocks = []Clock{}
