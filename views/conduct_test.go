package views

import (
	"testing"

	"pasokh/app/quality"
)

// A person's few answers of citizens are not said, however much else their score
// rests on; those of a unit, and reviews, are.
func TestFewAnswersOfAPersonAreNotSaid(t *testing.T) {
	c := quality.Conduct{UnitID: 1, StaffID: 2, Answers: 1, AnswerSum: 100, Reviews: 5, ReviewSum: 400, Verdicts: 2, Satisfied: 1}
	row := ConductRow{Conduct: c, Has: true, Least: 5}
	const survey, answers, calls, result, verdicts = 3, 4, 5, 10, 11
	if got := row.Cells(); got[survey] != "" || got[answers] != "" || got[result] != "" || got[verdicts] != "" || got[calls] != "80" {
		t.Errorf("as a table: %q", got)
	}
	if got := row.cells(t.Context()); got[1].Text != "—" || got[5].Text != "—" || got[2].Text == "—" {
		t.Errorf("on the page: %+v", got)
	}
	row.StaffID = 0
	if got := row.Cells(); got[survey] != "100" || got[result] != "50" {
		t.Errorf("of a unit: %q", got)
	}
}
