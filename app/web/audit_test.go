package web_test

import (
	"context"
	"encoding/csv"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"net/http"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"pasokh/app/apptest"
	"pasokh/app/audit"
	"pasokh/app/complaints"
	"pasokh/tenants"
	"pasokh/views/messages"
)

// The record is read by who may, narrowed in every way, and reading it is on
// record too.
func TestTheAuditIsRead(t *testing.T) {
	a := apptest.New(t)
	twin := a.Twin(a.A)
	inspector, admin := a.As("inspector"), a.As("admin")
	const path = "/desk/organization/audit"
	page := inspector.Get(path).Is(http.StatusOK)
	if !page.Has("#audit") || strings.Contains(page.Text(), "audit.") || !strings.Contains(page.Text(), "هنوز بررسی نشده") {
		t.Fatal(page.Text())
	}
	object := fmt.Sprintf("?kind=complaint&id=%d", twin.Complaint)
	link := fmt.Sprintf(`#audit a[href="/desk/complaints/%d"]`, twin.Complaint)
	if page := inspector.Get(path + object).Is(http.StatusOK); !page.Has(link) || !strings.Contains(page.Text(), "ثبت پرونده") {
		t.Error("the inspector has no way to the case")
	}
	if page := admin.Get(path + object).Is(http.StatusOK); !page.Has("#audit") || page.Has(link) {
		t.Error("the administrator, who sees no cases, is shown a way to one")
	}
	pr := a.Staff(a.A, "pr")
	for query, want := range map[string]bool{
		"?act=complaint.registered": true, "?act=demo:load": false, "?who=citizen&act=demo:load": false, "?id=" + twin.Code: true, "?kind=box": true,
		"?from=1405/08/01": true, "?from=1405/08/01&until=1405/08/02": false, "?who=" + strconv.FormatInt(pr.ID, 10): true,
	} {
		if got := inspector.Get(path + query).Is(http.StatusOK).Has("#audit"); got != want {
			t.Errorf("%s: %t", query, got)
		}
	}
	for _, query := range []string{"?from=zzz", "?from=1405/08/10&until=1405/08/01"} {
		inspector.Get(path + query).Is(http.StatusUnprocessableEntity)
	}
	inspector.Get(path + "/export?from=1400/01/01&until=1402/01/01").Is(http.StatusUnprocessableEntity)
	if sheet := inspector.Get(path + "/sheet").Is(http.StatusOK); !sheet.Has(".sheet-table tbody tr") {
		t.Error(sheet.Text())
	}
	acts := audited(t, a)
	if acts["audit.searched"] != 1 || acts["audit.printed"] != 1 || acts["audit.exported"] != 0 {
		t.Error(acts)
	}
	a.As("pr").Get(path).Is(http.StatusForbidden)
}

// audited counts alpha's lines by act.
func audited(t *testing.T, a *apptest.App) map[string]int {
	t.Helper()
	db := a.Root.For(a.A)
	defer db.Release()
	count := map[string]int{}
	err := audit.Each(t.Context(), db, audit.Filter{}, func(list []audit.Entry) error {
		for i := range list {
			count[list[i].Act]++
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return count
}

// A file holds every line of the period, none of which a spreadsheet runs; that
// it was taken is its first line.
func TestTheAuditIsExported(t *testing.T) {
	a := apptest.New(t)
	a.Twin(a.A)
	file := a.As("inspector").Get("/desk/organization/audit/export").Is(http.StatusOK)
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(file.Body, "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	total := 0
	for _, n := range audited(t, a) {
		total += n
	}
	if len(rows) != total+1 || rows[1][5] != "audit.exported" || !strings.Contains(file.Header.Get("Content-Disposition"), "attachment") {
		t.Errorf("%d rows of %d: %v", len(rows), total+1, rows[1])
	}
	for _, row := range rows {
		for _, cell := range row {
			if strings.HasPrefix(cell, "=") || strings.HasPrefix(cell, "@") {
				t.Error(cell)
			}
		}
	}
}

// The platform has a chain and a page of its own.
func TestThePlatformHasItsOwnAudit(t *testing.T) {
	a := apptest.New(t)
	c := a.Visit("")
	c.Post("/session", apptest.Form{"user": "platform", "password": apptest.Password("platform")}).Is(http.StatusSeeOther)
	if page := c.Get("/platform/audit").Is(http.StatusOK); !strings.Contains(page.Text(), "ورود به سامانه") || page.Has(`nav a[href="/desk/organization/audit"]`) {
		t.Error(page.Text())
	}
}

var actual = regexp.MustCompile(`^[a-z_]+[.:][a-z_]+$`)

// Every act that the program puts on record is said in plain words in both
// languages.
func TestEveryActHasWords(t *testing.T) {
	found := map[string]string{}
	for _, root := range []string{"../../app", "../../scheduler", "../../jobs"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.Contains(path, "apptest") {
				return err
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
			if err != nil {
				return err
			}
			for _, act := range actsOf(file) {
				found[act] = path
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, act := range audit.Acts() {
		found[act] = "audit.Acts"
	}
	if len(found) < 200 {
		t.Errorf("only %d acts", len(found))
	}
	for act, path := range found {
		for _, lang := range []messages.Lang{messages.FA, messages.EN} {
			if key := "audit.act." + audit.Word(act); !messages.Has(lang, key) {
				t.Errorf("%s: the act %q has no words (%s, %s)", path, act, key, lang)
			}
		}
	}
}

// actsOf are the acts that a file names: in calls of the audit, in what is
// called act, and as events of a case.
func actsOf(file *ast.File) (acts []string) {
	add := func(prefix string, e ast.Expr) {
		if lit, ok := e.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			if s, err := strconv.Unquote(lit.Value); err == nil && actual.MatchString(prefix+s) {
				acts = append(acts, prefix+s)
			}
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			sel, ok := n.Fun.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if id, ok := sel.X.(*ast.Ident); ok && id.Name == "audit" && len(n.Args) > 2 {
				add("", n.Args[2])
			}
			if sel.Sel.Name == "event" && file.Name.Name == "complaints" {
				if lit, ok := n.Args[0].(*ast.BasicLit); ok && !strings.HasSuffix(lit.Value, `_"`) {
					add("complaint.", lit)
				}
			}
			if sel.Sel.Name == "operate" && len(n.Args) > 0 {
				add("", n.Args[0])
			}
		case *ast.KeyValueExpr:
			if id, ok := n.Key.(*ast.Ident); ok && id.Name == "act" {
				add("", n.Value)
				add("directive:part_", n.Value)
			}
		case *ast.AssignStmt:
			for i, left := range n.Lhs {
				if id, ok := left.(*ast.Ident); ok && id.Name == "act" && i < len(n.Rhs) {
					add("", n.Rhs[i])
				}
			}
		}
		return true
	})
	return acts
}

// Who opens a confidential case or a paper of a meeting is on record, once a
// visit; an open case is not.
func TestSensitiveReadsAreAudited(t *testing.T) {
	a := apptest.New(t)
	twin := a.Twin(a.A)
	inspector := a.As("inspector")
	page := fmt.Sprintf("/desk/complaints/%d", twin.Complaint)
	inspector.Get(page).Is(http.StatusOK)
	inspector.Get(fmt.Sprintf("%s/files/%d", page, twin.File)).Is(http.StatusOK)
	if acts := audited(t, a); acts["complaint.opened_confidential"] != 0 || acts["file.opened"] != 0 {
		t.Error(acts)
	}
	paper := a.Attach(a.A, "meeting", twin.Meeting, "id.png")
	a.Do(a.A, tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
		_, err := tx.Set(ctx, (*complaints.Complaint)(nil), "confidential = ?", []any{true}, "id = ?", twin.Complaint)
		return err
	})
	for range 3 {
		inspector.Get(page).Is(http.StatusOK)
		inspector.Get(fmt.Sprintf("%s/files/%d", page, twin.File)).Is(http.StatusOK)
		inspector.Get(fmt.Sprintf("/desk/files/%d", paper)).Is(http.StatusOK)
	}
	if acts := audited(t, a); acts["complaint.opened_confidential"] != 1 || acts["file.opened"] != 2 {
		t.Error(acts)
	}
}
