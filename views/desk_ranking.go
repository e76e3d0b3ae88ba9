package views

import (
	"context"
	"time"

	"github.com/a-h/templ"

	"pasokh/app/complaints"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

// DeskRanking is the ranking of the executing units over one period.
type DeskRanking struct {
	Period, Previous        string // in words
	Note                    string // of a period that is not over
	Running                 bool
	Prev, Next, Here, Sheet string
	Kinds                   []parts.Tab
	Units                   []RankedUnit
	Trend                   parts.LineOpts
	Unit                    string // whose cases follow
	Worst, Ahead            []RankedCase
	CanOpen                 bool
	Formula                 string // of the whole, with the weights
	Table                   string // address of the table for other programs
	Weights                 string // address of the weights, for who may change them
	Now                     time.Time
}

// RankedUnit is one line of the ranking.
type RankedUnit struct {
	Name, Href                string
	Index                     string // in the digits of the page
	Value                     int    // of it, 0 to 1000
	Place, WasPlace           int
	Parts, Stake, Lost, Cases int
	Own, Selected, Ranked     bool
	Compared                  bool // with the period before
	Change                    int
	ChangeText                string
	Quality                   RankedQuality
}

// RankedCase is a case that changes a unit's place.
type RankedCase struct {
	Code, Href, Text, Then string
	Points                 int
	State                  complaints.State
	DueAt, NextAt          time.Time
}

// bars are the units as a chart.
func (m *DeskRanking) bars(ctx context.Context) parts.BarChartOpts {
	o := parts.BarChartOpts{
		Title: messages.T(ctx, "ranking.chart"), Note: messages.T(ctx, "ranking.chart_note"), What: messages.T(ctx, "desk.unit"), Unit: messages.T(ctx, "ranking.index"), Max: 1000,
	}
	for _, u := range m.Units {
		if !u.Ranked {
			continue
		}
		bar := parts.Bar{Label: u.Name, Value: u.Value, Text: u.Index, Href: u.Href}
		if u.Own {
			bar.Label += " · " + messages.T(ctx, "ranking.own")
			bar.Tone = parts.Accent
		}
		o.Bars = append(o.Bars, bar)
	}
	return o
}

// change says how the index moved since the period before.
func (u RankedUnit) change(ctx context.Context) (text, icon string, tone parts.Tone) {
	switch {
	case !u.Ranked:
		return "", "", parts.Neutral
	case !u.Compared:
		return messages.T(ctx, "ranking.first_time"), "", parts.Neutral
	case u.Change > 0:
		return messages.T(ctx, "ranking.better", "n", u.ChangeText), "trending-up", parts.Success
	case u.Change < 0:
		return messages.T(ctx, "ranking.worse", "n", u.ChangeText), "trending-down", parts.Danger
	}
	return messages.T(ctx, "ranking.same"), "minus", parts.Neutral
}

// ownRow marks the line of the unit of whoever looks.
func ownRow(u RankedUnit) templ.Attributes {
	if !u.Own {
		return nil
	}
	return templ.Attributes{"data-own": "true"}
}

func ownMark(ctx context.Context, u RankedUnit) string {
	if !u.Own {
		return ""
	}
	return messages.T(ctx, "ranking.own")
}

func lostCases(ctx context.Context, u RankedUnit) string {
	if u.Cases == 0 {
		return ""
	}
	return messages.T(ctx, "ranking.in_cases", "n", u.Cases)
}

func placeText(ctx context.Context, u RankedUnit) string {
	if !u.Ranked {
		return "—"
	}
	return messages.Number(ctx, u.Place)
}

// changeText is change on paper.
func (u RankedUnit) changeText(ctx context.Context) string {
	text, _, _ := u.change(ctx)
	if u.Compared && u.WasPlace != u.Place {
		text += " " + messages.T(ctx, "ranking.was_place", "n", u.WasPlace)
	}
	return or(text, "—")
}
