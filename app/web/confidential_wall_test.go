package web_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"unicode"

	"pasokh/app/apptest"
	"pasokh/app/complaints"
	"pasokh/app/timeline"
	"pasokh/app/web"
	"pasokh/tenants"
)

// A confidential case is shown to inspection alone. These tests walk every
// route there is, today's and tomorrow's, as everybody else.

// The words of the confidential case, which stand nowhere else.
const (
	secretWord   = "ZARNIKHSTAN"
	secretFile   = "zarnikh-proof.png"
	secretMobile = "09121110000" // of the twin, who has an ordinary case, too
)

// secretCase is a case that everybody had a part in before it was sealed: a
// unit worked on it, colleagues were called, a score was written.
func secretCase(app *apptest.App, a *apptest.Twin) *complaints.Complaint {
	app.T.Helper()
	c := fileSecret(app, a, a.Topic)
	acting := func(user string, do func(context.Context, *tenants.Tx) (*timeline.Event, error)) {
		app.T.Helper()
		who := app.Staff(app.A, user)
		web.Empower(app.Book, app.A.ID, &who)
		app.Do(app.A, who, func(ctx context.Context, tx *tenants.Tx) error {
			_, err := do(ctx, tx)
			return err
		})
	}
	acting("pr", func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		e, err := complaints.Refer(ctx, tx, c.ID, complaints.Order{UnitID: a.Unit, Note: secretWord})
		if err != nil {
			return nil, err
		}
		return e, tx.Insert(ctx, &complaints.Score{
			ID: tenants.NewID(), UnitID: a.Unit, ComplaintID: c.ID, Cycle: 1, LegID: 1, Level: 1, Points: -50, RuleVersion: 1, EventID: e.ID, Reason: secretWord, At: tx.Now(),
		})
	})
	acting("expert", func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Note(ctx, tx, c.ID, secretWord+" @manager @head @pr @operator @feedback")
	})
	acting("pr", func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Recall(ctx, tx, c.ID, secretWord)
	})
	acting("manager", func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Seal(ctx, tx, c.ID, secretWord)
	})
	return c
}

// entangle ties the confidential case to whatever other features lead from one
// case to another: it lies in the twin's box, came with its import, has the
// papers of its source, and leads the twin's own case.
func entangle(app *apptest.App, a *apptest.Twin, secret int64) {
	app.T.Helper()
	app.Do(app.A, tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
		if _, err := tx.Set(ctx, (*complaints.Batch)(nil), "state = 'applied', wrong = 0, total = 2, ended_at = ?", []any{tx.Now()}, "id = ?", a.Import); err != nil {
			return err
		}
		paper := "batch_id = ?, box_opening_id = ?, channel = 'box', source = 'canary', external_number = ?, secretariat_number = ?, external_due_at = ?"
		if _, err := tx.Set(ctx, (*complaints.Complaint)(nil), paper, []any{a.Import, a.Opening, secretWord, secretWord, tx.Now()}, "id = ?", secret); err != nil {
			return err
		}
		_, err := tx.Set(ctx, (*complaints.Complaint)(nil), "lead_id = ?", []any{secret}, "id = ?", a.Complaint)
		return err
	})
}

// fileSecret registers a case of the twin's citizen with the words.
func fileSecret(app *apptest.App, a *apptest.Twin, topic int64) (c *complaints.Complaint) {
	app.T.Helper()
	app.Do(app.A, tenants.Actor{Kind: tenants.Citizen}, func(ctx context.Context, tx *tenants.Tx) error {
		got, err := complaints.Register(ctx, tx, complaints.Registration{
			Kind: complaints.KindComplaint, Channel: "web", CitizenID: &a.Citizen, TopicID: topic,
			Text: secretWord + " demanded money", Place: complaints.Place{Address: secretWord},
		})
		if err == nil {
			c = got.Complaint
		}
		return err
	})
	return c
}

// kept are the users of the gas template who are not shown confidential cases.
func kept() []string {
	var list []string
	for _, user := range users {
		if user != "inspector" {
			list = append(list, user)
		}
	}
	return list
}

// Its ID answers on every route exactly like one that never was.
func TestConfidentialCaseIsLikeNothing(t *testing.T) {
	t.Parallel()
	app := apptest.New(t)
	a := app.Twin(app.A)
	secret := secretCase(app, a)
	entangle(app, a, secret.ID)
	file := attach(app, secret.ID)
	for _, user := range kept() {
		c, roles := app.As(user), app.Staff(app.A, user).Roles
		for _, rt := range routes(t) {
			if rt.Audience != web.Staff || !strings.Contains(rt.Pattern, ":") || !app.Book.Can(app.A.ID, roles, rt.Permission) {
				continue
			}
			of := objectOf(t, rt.Pattern)(a)
			id := secret.ID
			switch of {
			case a.Complaint:
			case a.File:
				id = file
			default:
				continue
			}
			missing := tenants.NewID()
			got, want := ask(c, rt, fill(rt.Pattern, id), id), ask(c, rt, fill(rt.Pattern, missing), missing)
			if got != want {
				t.Errorf("%s %s as %s: the confidential case answers\n%s\na missing one\n%s", rt.Method, rt.Pattern, user, apart(got, want), apart(want, got))
			}
		}
	}
}

// No page that lists, counts, searches or offers shows a word of it.
func TestNoPageShowsAConfidentialCase(t *testing.T) {
	t.Parallel()
	app := apptest.New(t)
	a := app.Twin(app.A)
	secret := secretCase(app, a)
	entangle(app, a, secret.ID)
	attach(app, secret.ID)
	shown := complaintsShown(secret)
	for _, user := range kept() {
		c, roles := app.As(user), app.Staff(app.A, user).Roles
		look := func(what string, page *apptest.Page) {
			t.Helper()
			if page.Status >= 500 {
				t.Errorf("%s as %s: %d", what, user, page.Status)
			}
			for _, word := range shown {
				if strings.Contains(page.Body, word) && !strings.Contains(what, "q="+word) {
					t.Errorf("%s as %s shows %q", what, user, word)
				}
			}
		}
		for _, rt := range routes(t) {
			if rt.Audience != web.Staff || rt.Method != http.MethodGet || !app.Book.Can(app.A.ID, roles, rt.Permission) {
				continue
			}
			path := rt.Pattern
			if strings.Contains(path, ":") {
				path = fill(path, objectOf(t, rt.Pattern)(a), a)
			}
			look(path, c.Get(path))
			for _, more := range variants[rt.Pattern] {
				path := path + fmt.Sprintf(more, a.Unit)
				look(path, c.Get(path))
			}
		}
		for _, tab := range complaints.Tabs() {
			look("/desk?tab="+string(tab), c.Get("/desk?tab="+string(tab)))
		}
		if !app.Book.Can(app.A.ID, roles, "complaint:read") {
			continue
		}
		search := c.Get("/desk?q=" + secretWord)
		if search.Status != http.StatusOK || strings.Contains(search.Body, fmt.Sprint(secret.ID)) {
			t.Errorf("%s finds it by its words", user)
		}
		if page := c.Get("/desk?q=" + secret.Code); page.Status != http.StatusOK || strings.Contains(page.Body, fmt.Sprint(secret.ID)) {
			t.Errorf("%s finds it by its code", user)
		}
		for _, ids := range []string{"/desk/bulk", "/desk/bulk/referrals", "/desk/bulk/recalls"} {
			look(ids, c.Post(ids, apptest.Form{"ids": fmt.Sprintf("%d.1", secret.ID), "do": "refer", "unit": "route", "reason": "x"}))
		}
		if app.Book.Can(app.A.ID, roles, "complaint:papers") { // the number that it has, given to another
			path := fmt.Sprintf("/desk/complaints/%d/papers", a.Complaint)
			look("papers", c.Post(path, apptest.Form{"source": "canary", "external_number": secretWord[:4] + strings.ToLower(secretWord[4:])}))
		}
		if app.Book.Can(app.A.ID, roles, "complaint:relate") {
			look("merger", c.Post(fmt.Sprintf("/desk/complaints/%d/merger", a.Complaint), apptest.Form{"code": strings.ToLower(secret.Code)}))
		}
		if app.Book.Can(app.A.ID, roles, "import:create") { // nor who stands in the way of its undoing
			path := fmt.Sprintf("/desk/imports/%d", a.Import)
			c.Post(path+"/undoing", apptest.Form{"reason": "x"})
			look("undoing", c.Get(path))
		}
		if app.Book.Can(app.A.ID, roles, "complaint:register") {
			form := apptest.Form{"lookup": secretMobile, "mobile": secretMobile, "topic": fmt.Sprint(a.Topic), "address": "x"}
			look("caller", c.Post("/desk/intake/caller", form))
			look("topic", c.Post("/desk/intake/topic", form))
			look("intake", c.Post("/desk/intake", form))
		}
	}
	for _, sms := range app.Sent() {
		if strings.Contains(sms.Text, secretWord) {
			t.Errorf("a message carries it: %s", sms.Text)
		}
	}
}

// variants are other lists at the same address.
var variants = map[string][]string{
	"/desk/mentions": {"?tab=all&%d"}, "/desk/calls": {"?list=later&%d", "?list=signoff&%d"}, "/desk/visits": {"?view=unplanned&%d", "?view=day&%d"},
	"/desk/scores": {"?unit=%d"}, "/desk/ranking": {"?unit=%d"}, "/desk/ranking/sheet": {"?unit=%d"}, "/desk/live": {"?tab=open&%d"},
}

// complaintsShown are what could give the case away.
func complaintsShown(c *complaints.Complaint) []string {
	return []string{secretWord, secretFile, fmt.Sprint(c.ID), c.Code}
}

// attach puts a picture on the case.
func attach(app *apptest.App, id int64) int64 {
	app.T.Helper()
	return app.Attach(app.A, "complaint", id, secretFile)
}

// steady is what a page says without what differs from one answer to the next:
// the request's number and long secrets. It is read word by word, because a
// pattern over every page of every role takes longer than the pages.
func steady(body string) string {
	words := strings.FieldsFunc(strings.ReplaceAll(body, "NUMBER", ""), func(r rune) bool {
		return strings.ContainsRune(" \n\t\"'<>=/?&;:", r)
	})
	kept := words[:0]
	for i, word := range words {
		secret := len(word) >= 32 && !strings.ContainsFunc(word, func(r rune) bool { return r > unicode.MaxASCII })
		if secret || i >= 2 && words[i-2] == "request-id" || i >= 2 && words[i-2] == "once" && words[i-1] == "value" {
			word = "*" // stays as a place
		}
		kept = append(kept, word)
	}
	return strings.Join(kept, " ")
}
