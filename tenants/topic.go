package tenants

import (
	"context"
	"slices"
	"time"

	"pasokh/app/fault"
)

// Rung is one step of the ladder that an overdue case climbs.
type Rung struct {
	Level        int    `json:"level" yaml:"level"`
	AfterMinutes int    `json:"after_minutes" yaml:"after_minutes"` // past the due time, plain minutes
	Role         string `json:"role" yaml:"role"`                   // who is told
	Points       int    `json:"points" yaml:"points"`               // negative score of the unit, ≥ 0
	Channel      string `json:"channel,omitempty" yaml:"channel"`   // sms (also when empty), desk
}

// SLAClass is one version of a class: a case keeps the version it was
// registered under, so a change never rewrites the past.
type SLAClass struct {
	BaseModel `bun:"table:sla_classes,alias:sla_class"`
	Owned
	ID                 int64 `bun:",pk"`
	Code               string
	Version            int
	NameFA             string `bun:"name_fa"`
	NameEN             string `bun:"name_en"`
	RespondMinutes     int    // to a final answer or an interim report
	FirstActionMinutes int    // to the first action of a unit; 0 = not asked
	Hours              string // calendar, working
	PauseCapMinutes    int    // longest pause of a unit's clock while the citizen is asked; 0 = none
	InterimLimit       int    // interim reports allowed in one cycle
	Rungs              []Rung `bun:"type:jsonb"`
	Current            bool
	CreatedAt          time.Time
}

// Working tells whether the class counts working hours only.
func (c *SLAClass) Working() bool { return c.Hours == "working" }

// SLAClassByID reads one class version.
func SLAClassByID(ctx context.Context, r Reader, id int64) (*SLAClass, error) {
	if r.self().writes { // not worth all of them
		c := new(SLAClass)
		return c, Err(r.Select(c).Where("sla_class.id = ?", id).Scan(ctx))
	}
	all, err := classes(ctx, r)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(all, func(c SLAClass) bool { return c.ID == id })
	if at < 0 {
		return nil, fault.New(fault.NotFound, "error.not_found")
	}
	return &all[at], nil
}

// SLAClassVersions reads every version of every class, by ID.
func SLAClassVersions(ctx context.Context, r Reader) (map[int64]*SLAClass, error) {
	all, err := classes(ctx, r)
	byID := make(map[int64]*SLAClass, len(all))
	for i := range all {
		byID[all[i].ID] = &all[i]
	}
	return byID, err
}

// classes lists every version of every class.
func classes(ctx context.Context, r Reader) ([]SLAClass, error) {
	return listed[SLAClass](ctx, r, func(q *Query) *Query { return q.Order("sla_class.code", "sla_class.version") })
}

// SLAClasses lists the versions in force, by code.
func SLAClasses(ctx context.Context, r Reader) ([]SLAClass, error) {
	list, err := classes(ctx, r)
	return slices.DeleteFunc(list, func(c SLAClass) bool { return !c.Current }), err
}

// Topic is what a case is about: it brings the unit, the SLA class and the
// place fields that are asked.
type Topic struct {
	BaseModel `bun:"table:topics,alias:topic"`
	Owned
	ID           int64 `bun:",pk"`
	Code         string
	UnitID       *int64
	SLAClassID   int64    `bun:"sla_class_id"`
	NameFA       string   `bun:"name_fa"`
	NameEN       string   `bun:"name_en"`
	HintFA       string   `bun:"hint_fa"`
	HintEN       string   `bun:"hint_en"`
	PlaceFields  []string `bun:"type:jsonb"` // address, postal_code, station, line, subscription
	Confidential bool     // its cases are for inspection only
	ParentID     *int64   // the group it stands in
	Urgent       bool
	Position     int
	Active       bool
}

// Topics lists the active topics in their order.
func Topics(ctx context.Context, r Reader) ([]Topic, error) {
	return listed[Topic](ctx, r, func(q *Query) *Query { return q.Where("topic.active").Order("topic.position") })
}

// TopicByID reads one topic.
func TopicByID(ctx context.Context, r Reader, id int64) (*Topic, error) {
	t := new(Topic)
	return t, Err(r.Select(t).Where("topic.id = ?", id).Scan(ctx))
}
