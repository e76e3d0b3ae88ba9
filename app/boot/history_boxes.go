package boot

import (
	"context"
	"slices"
	"strconv"
	"time"

	"pasokh/app/complaints"
	"pasokh/app/persian"
	"pasokh/tenants"
)

// boxWords is one complaint box of a sector.
type boxWords struct {
	Code    string `yaml:"code"`
	PlaceFA string `yaml:"place_fa"`
	PlaceEN string `yaml:"place_en"`
	Unit    string `yaml:"unit"`
	Weekday int    `yaml:"weekday"` // 0 Saturday
}

// boxStory is the planned life of one box: opened every two weeks, with the
// letters of the cases that came in it.
type boxStory struct {
	words    boxWords
	id       int64
	openings []*openingStory
}

// openingStory is one planned opening and what is found.
type openingStory struct {
	at      time.Time
	letters []*caseStory
	id      int64
}

const (
	boxHour      = 9
	boxEveryDays = 14
	// moreLetters lie in the last box that was opened and are not entered yet.
	moreLetters = 2
)

// planBoxes puts the boxes up, has them opened on their days, and lets every
// letter of a box be found in an opening before it is registered.
func (h *history) planBoxes(ctx context.Context) error {
	if len(h.words.Boxes) == 0 {
		return nil
	}
	hours, err := tenants.WorkingTimeOf(ctx, h.db)
	if err != nil {
		return err
	}
	boxes := make([]*boxStory, len(h.words.Boxes))
	for i, words := range h.words.Boxes {
		boxes[i] = &boxStory{words: words}
		boxes[i].plan(h, hours, i)
	}
	n := 0
	for _, s := range h.cases {
		if s.in.Channel == "box" {
			boxes[n%len(boxes)].find(s)
			n++
		}
	}
	for i, b := range boxes {
		b.act(h, i == 0)
	}
	return nil
}

// plan sets the days of the openings; the last box has missed its last one.
func (b *boxStory) plan(h *history, hours tenants.WorkingTime, i int) {
	schedule := complaints.BoxSchedule{EveryDays: boxEveryDays, Weekdays: 1 << b.words.Weekday}
	day := schedule.First(persian.DateOf(h.months.from.In(persian.Tehran)).AddDays(-20), hours)
	for {
		at := day.Time(boxHour, 0, persian.Tehran).UTC()
		if at.After(h.now) {
			break
		}
		b.openings = append(b.openings, &openingStory{at: at})
		day = schedule.Next(day, hours)
	}
	if last := len(b.openings) - 1; i > 0 && i == len(h.words.Boxes)-1 && last > 0 {
		b.openings = b.openings[:last]
	}
}

// find puts the letter into the last opening before its registration.
func (b *boxStory) find(s *caseStory) {
	at := len(b.openings) - 1
	for at > 0 && !b.openings[at].at.Before(s.start) {
		at--
	}
	b.openings[at].letters = append(b.openings[at].letters, s)
	s.letter = b.openings[at]
}

func (b *boxStory) act(h *history, waits bool) {
	dice := h.dice(90_000 + len(b.words.Code))
	h.put(&act{at: h.months.from.AddDate(0, 0, -25), who: as(h.one(dice, "pr_manager")), may: "box:edit", do: func(ctx context.Context, tx *tenants.Tx) error {
		row := &complaints.Box{
			Code: b.words.Code, PlaceFA: b.words.PlaceFA, PlaceEN: b.words.PlaceEN, UnitID: h.units[b.words.Unit].ID,
			EveryDays: boxEveryDays, Weekdays: 1 << b.words.Weekday, Active: true,
		}
		err := complaints.SaveBox(ctx, tx, row)
		b.id = row.ID
		return err
	}})
	officer, manager := h.one(dice, "pr_officer"), h.one(dice, "pr_manager")
	for i, o := range b.openings {
		found := len(o.letters)
		open := waits && i == len(b.openings)-1
		if open {
			found += moreLetters
		}
		h.put(&act{at: o.at, who: as(officer), may: "box:open", do: func(ctx context.Context, tx *tenants.Tx) error {
			row, err := complaints.OpenBox(ctx, tx, b.id, complaints.BoxOpened{At: tx.Now(), StaffID: officer.ID, WitnessID: manager.ID, Letters: found})
			if err == nil {
				o.id = row.ID
			}
			return err
		}})
		if found > 0 && !open {
			o.finish(h, officer)
		}
	}
}

// finish locks the minutes when the last letter is entered.
func (o *openingStory) finish(h *history, officer tenants.Actor) {
	last := slices.MaxFunc(o.letters, func(a, b *caseStory) int { return a.start.Compare(b.start) })
	h.put(&act{at: last.start.Add(10 * time.Minute), who: as(officer), may: "box:open", do: func(ctx context.Context, tx *tenants.Tx) error {
		return complaints.FinishOpening(ctx, tx, o.id, "")
	}})
}

// paper gives a registration what stands on its paper: letters have the number
// of the office's register and a date, and some sources say until when they
// want the answer.
func (s *caseStory) paper(in *complaints.Registration, now time.Time) {
	today := persian.DateOf(now.In(persian.Tehran))
	if in.Channel == "letter" {
		in.SecretariatNumber = today.String()[:4] + "/" + strconv.Itoa(2100+s.index*7%900)
		in.LetterOn = complaints.VisitDay(today.AddDays(-1 - s.index%4))
	}
	if in.Source != "" && s.index%3 != 0 && s.route != "interim" && s.route != "promised" { // those were promised more time
		due := today.AddDays(5+s.index%9).Time(23, 59, persian.Tehran).UTC()
		in.ExternalDueAt = &due
	}
}
