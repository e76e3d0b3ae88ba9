package persian

import (
	"slices"
	"testing"
)

func itself(s string) string { return s }

func TestSortIsPersian(t *testing.T) {
	want := []string{
		"آبان", "احمد", "بهار", "پروین", "تهران", "جواد", "چنار", "حسن", "رضا", "زهرا", "ژاله", "سعید", "شیراز", "فارس",
		"قم", "کرج", "گیلان", "لرستان", "مهر", "نور", "ورامین", "همدان", "یزد",
	}
	got := slices.Clone(want)
	slices.Reverse(got)
	Sort(got, itself)
	if !slices.Equal(got, want) {
		t.Errorf("sorted:\n%q, want\n%q", got, want)
	}
}

func TestSortKeepsTheOrderOfEquals(t *testing.T) {
	type person struct {
		name string
		n    int
	}
	people := []person{{"یزد", 1}, {"قم", 2}, {"یزد", 3}, {"قم", 4}}
	Sort(people, func(p person) string { return p.name })
	if want := []person{{"قم", 2}, {"قم", 4}, {"یزد", 1}, {"یزد", 3}}; !slices.Equal(people, want) {
		t.Errorf("sorted %v, want %v", people, want)
	}
	Sort([]person(nil), func(p person) string { return p.name })
}
