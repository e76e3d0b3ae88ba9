package parts

import (
	"strconv"
	"strings"
)

// Initials are the first letters of a name and a family name, with a gap that
// keeps Persian letters from joining: «م ر», "MR". Titles are not counted.
func Initials(name string) string {
	var letters []string
	for _, word := range strings.Fields(name) {
		switch word {
		case "سید", "سیده", "آقای", "خانم", "دکتر", "مهندس", "Dr", "Mr", "Ms":
			continue
		}
		letters = append(letters, string([]rune(word)[:1]))
	}
	if len(letters) > 2 {
		letters = []string{letters[0], letters[len(letters)-1]}
	}
	gap := ""
	if len(letters) > 0 && letters[0] >= "\u0600" {
		gap = " "
	}
	return strings.Join(letters, gap)
}

func avatarColour(name string) string {
	sum := 0
	for _, r := range name {
		sum += int(r)
	}
	return "avatar-" + strconv.Itoa(sum%5+1)
}
