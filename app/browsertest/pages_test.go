package browsertest_test

import (
	"strings"
	"testing"

	"pasokh/app/apptest"
)

// links are the addresses that the side bar or the page offers below a root.
func (b *browser) links(selector string) []string {
	b.t.Helper()
	list := b.value(`[...new Set([...document.querySelectorAll(` + "`" + selector + "`" + `)].map(a => a.getAttribute("href")))].join(" ")`)
	return strings.Fields(list)
}

// Every section of every role, and the public pages, in both languages.
func TestEverySectionOfEveryRole(t *testing.T) {
	w := newWorld(t)
	for _, user := range []string{"operator", "manager", "head", "feedback", "followup", "inspector", "secretary", "overseer", "admin"} {
		b := w.staff(t, user)
		sections := b.links("nav a[href^='/']")
		if len(sections) == 0 {
			t.Errorf("%s has no section", user)
		}
		for _, path := range sections {
			b.visit(path)
		}
	}
	b := w.staff(t, "operator")
	for _, path := range []string{"/desk?tab=closed", "/desk?q=%DB%8C%DA%A9", "/desk/intake", "/desk/meetings/new", "/nowhere"} {
		b.visit(path)
	}
}

func TestPublicPagesInEnglish(t *testing.T) {
	w := newWorld(t)
	b := w.open(t, "alpha", 1440)
	b.visit("/")
	b.await(func() {
		b.js(`(() => [...document.forms].find(f => f.action.includes("/language")).requestSubmit())()`)
	})
	for _, path := range []string{"/", "/complaints/new", "/meetings/new", "/track", "/my/sign-in", "/sign-in", "/dev/parts"} {
		b.visit(path)
		if dir := b.value(`document.documentElement.dir`); dir != "ltr" {
			t.Errorf("%s is written %s in English", path, dir)
		}
	}
}

func TestPlatformPages(t *testing.T) {
	w := newWorld(t)
	b := w.open(t, "", 1440)
	b.visit("/")
	b.visit("/sign-in")
	b.fill("input[name=user]", "platform")
	b.fill("input[name=password]", apptest.Password("platform"))
	b.submit("/session")
	b.visit("/platform/queues")
}
