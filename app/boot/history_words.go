package boot

import (
	"embed"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"pasokh/app/complaints"
	"pasokh/tenants"
)

// The texts of the made-up past: one file for each sector and one for all.
//
//go:embed history/*.yaml
var historyTexts embed.FS

// sectorWords is what the people of one sector write and what they are told,
// and how much of it there is.
type sectorWords struct {
	City     string              `yaml:"city"`
	Cases    int                 `yaml:"cases"`    // in the nine months
	Open     int                 `yaml:"open"`     // of the cases, still open today
	Meetings int                 `yaml:"meetings"` // held in the nine months, about
	People   int                 `yaml:"people"`   // met in them, exactly
	Channels []share             `yaml:"channels"`
	Sources  []share             `yaml:"sources"` // weights are parts of a hundred cases
	Streets  map[string][]string `yaml:"streets"` // by the code of the unit whose they are, or ""
	Lines    []line              `yaml:"lines"`   // of the metro
	Themes   []theme             `yaml:"themes"`
	Asides   []aside             `yaml:"asides"`
	Secrets  []theme             `yaml:"secrets"` // open and confidential, one case each
	Subjects []subject           `yaml:"subjects"`
	Boxes    []boxWords          `yaml:"boxes"`

	streets []street
	Common  commonWords `yaml:"-"`
}

type share struct {
	Name    string `yaml:"name"`
	Channel string `yaml:"channel"`
	Weight  int    `yaml:"weight"`
}

type line struct {
	Name     string   `yaml:"name"`
	Stations []string `yaml:"stations"`
}

type street struct{ name, unit string }

// theme is one matter as several people put it, with all that may be said
// about it in the course of a case. What is empty does not happen in it.
type theme struct {
	Topic   string            `yaml:"topic"`
	At      []string          `yaml:"at"`      // where, when not in any street
	Unit    string            `yaml:"unit"`    // other than the topic's
	Partner string            `yaml:"partner"` // has a part of its own in a joint referral
	Kinds   []complaints.Kind `yaml:"kinds"`
	Texts   []string          `yaml:"texts"`
	Ask     string            `yaml:"ask"`
	Reply   string            `yaml:"reply"`
	Interim string            `yaml:"interim"`
	Answers []string          `yaml:"answers"`
	Reason  string            `yaml:"reason"`  // why the citizen is not satisfied
	Found   string            `yaml:"found"`   // of a visit, when all is well
	Missing string            `yaml:"missing"` // of a visit, when it is not
	Closed  string            `yaml:"closed"`  // why it cannot be done
	Photo   bool              `yaml:"photo"`   // what paintPhoto shows

	urgent bool // of a topic that nobody triages
}

// aside is a case that the PR office settles itself.
type aside struct {
	Topic  string          `yaml:"topic"`
	Kind   complaints.Kind `yaml:"kind"`
	Fact   complaints.Fact `yaml:"fact"`
	Text   string          `yaml:"text"`
	Answer string          `yaml:"answer"`
}

// subject is what a meeting is about; without a directive nothing follows.
type subject struct {
	Unit      string `yaml:"unit"`
	Subject   string `yaml:"subject"`
	Text      string `yaml:"text"`
	Minutes   string `yaml:"minutes"`
	Directive string `yaml:"directive"`
	Report    string `yaml:"report"`
	Returned  string `yaml:"returned"`
}

// commonWords is what all sectors share.
type commonWords struct {
	Men               []string `yaml:"men"`
	Women             []string `yaml:"women"`
	Families          []string `yaml:"families"`
	Closings          []string `yaml:"closings"`
	Spans             []string `yaml:"spans"`
	Alleys            []string `yaml:"alleys"`
	Orders            []string `yaml:"orders"`
	Joint             string   `yaml:"joint"`
	Partners          []string `yaml:"partners"`
	Refusals          []string `yaml:"refusals"`
	Further           []string `yaml:"further"`
	Notes             []string `yaml:"notes"`
	Silent            []string `yaml:"silent"`
	SignOffs          []string `yaml:"signoffs"`
	Withdrawals       []string `yaml:"withdrawals"`
	Denials           []string `yaml:"denials"`
	More              []string `yaml:"more"`
	Seen              string   `yaml:"seen"`
	Judged            []string `yaml:"judged"`
	RefusedMeetings   []string `yaml:"refused_meetings"`
	CancelledMeetings []string `yaml:"cancelled_meetings"`
	Excuses           []string `yaml:"excuses"`
	Objections        []string `yaml:"objections"`
}

func readWords(kind tenants.Kind) (*sectorWords, error) {
	w := new(sectorWords)
	if err := readHistoryFile(string(kind), w); err != nil {
		return nil, err
	}
	if err := readHistoryFile("common", &w.Common); err != nil {
		return nil, err
	}
	units := make([]string, 0, len(w.Streets))
	for unit := range w.Streets {
		units = append(units, unit)
	}
	slices.Sort(units)
	for _, unit := range units {
		for _, name := range w.Streets[unit] {
			w.streets = append(w.streets, street{name, unit})
		}
	}
	return w, nil
}

func readHistoryFile(name string, into any) error {
	raw, err := historyTexts.ReadFile("history/" + name + ".yaml")
	if err != nil {
		return err
	}
	decoder := yaml.NewDecoder(strings.NewReader(string(raw)))
	decoder.KnownFields(true)
	if err := decoder.Decode(into); err != nil {
		return fmt.Errorf("history/%s.yaml: %w", name, err)
	}
	return nil
}

// pick draws one of a list, or the zero value of an empty one.
func pick[T any](dice *rand.Rand, list []T) T {
	if len(list) == 0 {
		var none T
		return none
	}
	return list[dice.IntN(len(list))]
}

// drawShare picks by weight.
func drawShare(dice *rand.Rand, shares []share) share {
	sum := 0
	for _, s := range shares {
		sum += s.Weight
	}
	n := dice.IntN(sum)
	for _, s := range shares {
		if n -= s.Weight; n < 0 {
			return s
		}
	}
	return shares[len(shares)-1]
}

// chance is true in n of a hundred cases.
func chance(dice *rand.Rand, n int) bool { return dice.IntN(100) < n }
