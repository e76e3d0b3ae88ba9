package notify_test

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pasokh/app/carriers"
	"pasokh/app/notify"
	"pasokh/tenants"
	"pasokh/views/messages"
)

var update = flag.Bool("update", false, "write the golden files")

// Every text of the catalogue is in the table of messages and the other way
// round, and everything about it has words.
func TestEveryMessageIsRegistered(t *testing.T) {
	for _, key := range messages.Keys(messages.FA) {
		if id, is := strings.CutPrefix(key, "sms."); is {
			if _, ok := notify.EventOf(id); !ok {
				t.Errorf("%s is not in the table", key)
			}
		}
		if id, is := strings.CutPrefix(key, "mail."); is {
			if _, ok := notify.EventOf(id); !ok {
				t.Errorf("%s is not in the table", key)
			}
		}
	}
	for _, e := range notify.Events() {
		keys := []string{e.Key(), e.NameKey(), "message.area." + e.Area, "message.audience." + string(e.Audience), "message.hours." + string(e.Hours)}
		for _, f := range e.Fields {
			keys = append(keys, "message.field."+f)
		}
		for _, key := range keys {
			if !messages.Has(messages.FA, key) {
				t.Errorf("%s: no %s", e.ID, key)
			}
		}
		for _, l := range messages.Langs {
			for _, channel := range e.Channels() {
				open := (&notify.Wording{Event: e}).Open(channel, l)
				if _, err := e.Check(channel, open); err != nil {
					t.Errorf("the catalogue's own text of %s for %s in %s: %v", e.ID, channel, l, err)
				}
			}
		}
	}
}

// helpers fill fields of what is given to them.
var helpers = map[string][]string{
	"complainant": {"code", "link"}, "asking": {"code", "link"}, "told": {"code", "link"}, "desk": {"code", "link"}, "worker": {"code", "link"}, "managers": {"code", "link", "unit"},
	"visitor": {"post", "day", "time", "code", "link"}, "waiting": {"post", "code", "link"},
	"order": {"post", "unit", "date", "link"}, "unitOf": {"post", "unit", "date", "link"}, "issuer": {"post", "unit", "date", "link"},
	"concerned": {"post", "date", "link"}, "share": {"unit", "date", "link"}, "aboutAccount": {"date", "time", "link"}, "helper": {"unit", "date", "link"}, "members": {"committee", "date", "place", "link"},
	"visitWaits": {"date", "link"}, "violationUnit": {"link"}, "review": {"link"}, "action": {"date", "link"},
}

// The fields that the table promises are those that the program fills: it is
// read from the program itself.
func TestFieldsAreThoseThatTheProgramFills(t *testing.T) {
	filled := map[string]map[string]bool{}
	files := token.NewFileSet()
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range entries {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		file, err := parser.ParseFile(files, f.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range file.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok && fn.Body != nil {
				fillsOf(fn, filled)
			}
		}
	}
	for _, e := range notify.Events() {
		got := slices.Sorted(maps.Keys(filled[e.ID]))
		want := slices.Sorted(slices.Values(e.Fields))
		if !slices.Equal(slices.Compact(want), got) {
			t.Errorf("%s: the table has %v, the program fills %v", e.ID, want, got)
		}
	}
}

// fillsOf notes for every message that a function names which fields are
// filled in the calls that name it, or that take the key from a variable.
func fillsOf(fn *ast.FuncDecl, filled map[string]map[string]bool) {
	vars := []string{} // messages that stand in variables of the function
	ast.Inspect(fn, func(n ast.Node) bool {
		if a, ok := n.(*ast.AssignStmt); ok {
			vars = append(vars, keysIn(a.Rhs...)...)
		}
		if r, ok := n.(*ast.ReturnStmt); ok && strings.HasSuffix(fn.Name.Name, "Text") {
			vars = append(vars, keysIn(r.Results...)...)
		}
		return true
	})
	ast.Inspect(fn, func(n ast.Node) bool {
		name, args := "", []ast.Expr(nil)
		switch c := n.(type) {
		case *ast.CallExpr:
			if sel, ok := c.Fun.(*ast.SelectorExpr); ok {
				name, args = sel.Sel.Name, c.Args
			}
		case *ast.CompositeLit:
			if id, ok := c.Type.(*ast.Ident); ok && id.Name == "told" {
				args = c.Elts
			}
		}
		base, known := helpers[name]
		if !known && (name != "" || args == nil) {
			return true
		}
		keys := keysIn(args...)
		if len(keys) == 0 && (known || len(vars) > 0) {
			keys = vars
		}
		for _, key := range keys {
			add(filled, key, append(append([]string{"office"}, base...), fieldsIn(fn, args)...)...)
		}
		return true
	})
	if fn.Name.Name == "codeText" {
		for _, key := range vars {
			add(filled, key, "office", "code", "n")
		}
	}
}

func add(filled map[string]map[string]bool, key string, fields ...string) {
	if filled[key] == nil {
		filled[key] = map[string]bool{}
	}
	for _, f := range fields {
		filled[key][f] = true
	}
}

// keysIn lists the messages named in expressions, not in calls inside them.
func keysIn(list ...ast.Expr) []string {
	var keys []string
	for _, e := range list {
		ast.Inspect(e, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				if s, _ := strconv.Unquote(lit.Value); strings.HasPrefix(s, "sms.") {
					if _, is := notify.EventOf(s); is {
						keys = append(keys, strings.TrimPrefix(s, "sms."))
					} else if s == "sms." {
						keys = append(keys, "staff.digest")
					}
				}
			}
			_, call := n.(*ast.CallExpr)
			return !call
		})
	}
	return keys
}

// fieldsIn lists the fields whose names stand in the arguments, or in the list
// that a function builds for them.
func fieldsIn(fn *ast.FuncDecl, args []ast.Expr) []string {
	var fields []string
	note := func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			if s, _ := strconv.Unquote(lit.Value); messages.Has(messages.FA, "message.field."+s) {
				fields = append(fields, s)
			}
		}
		return true
	}
	for _, arg := range args {
		ast.Inspect(arg, note)
		if id, ok := arg.(*ast.Ident); ok && id.Name == "args" {
			ast.Inspect(fn, func(n ast.Node) bool {
				if a, ok := n.(*ast.AssignStmt); ok && len(a.Lhs) == 1 {
					if l, ok := a.Lhs[0].(*ast.Ident); ok && l.Name == "args" {
						ast.Inspect(a.Rhs[0], note)
					}
				}
				return true
			})
		}
	}
	return fields
}

// The whole matrix, as it reads.
func TestMatrix(t *testing.T) {
	spec, err := tenants.Sector("gas")
	if err != nil {
		t.Fatal(err)
	}
	tenant := &tenants.Tenant{NameFA: spec.NameFA, NameEN: spec.NameEN, Slug: spec.Slug}
	var b strings.Builder
	for _, e := range notify.Events() {
		official := "courtesy"
		if e.Official {
			official = "official"
		}
		fmt.Fprintf(&b, "=== %s (%s) %s, %s, %s\n", e.ID, messages.In(messages.EN, e.NameKey()), e.Audience, e.Hours, official)
		for _, l := range messages.Langs {
			for _, channel := range e.AllChannels() {
				if channel == carriers.Bale {
					continue // says what the text message says
				}
				home := "https://" + spec.Slug + ".pasokh.ir"
				out := e.Preview(tenant, l, home, (&notify.Wording{Event: e}).Open(channel, l))
				if strings.ContainsAny(out.Text+out.Subject, "{}‹") {
					t.Errorf("%s %s %s has a hole: %s", e.ID, channel, l, out.Text)
				}
				size := notify.PartsOf(out.Text)
				fmt.Fprintf(&b, "--- %s %s", channel, l)
				if channel == carriers.SMS {
					fmt.Fprintf(&b, " %d/%d", size.Characters, size.Parts)
					if size.Parts > 2 && l == messages.FA && secretRoom(e.Key()) == 0 {
						t.Errorf("%s has %d parts", e.ID, size.Parts)
					}
				}
				fmt.Fprintf(&b, "\n")
				if out.Subject != "" {
					fmt.Fprintf(&b, "[%s]\n", out.Subject)
				}
				fmt.Fprintf(&b, "%s\n", out.Text)
			}
		}
	}
	const path = "testdata/matrix.golden"
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil || string(want) != b.String() {
		t.Errorf("the matrix differs from %s; run with -update and read the difference (%v)", path, err)
	}
}

func TestPartsOfATextMessage(t *testing.T) {
	for text, want := range map[string]int{
		"": 0, strings.Repeat("س", 70): 1, strings.Repeat("س", 71): 2, strings.Repeat("س", 134): 2, strings.Repeat("س", 135): 3,
		strings.Repeat("a", 160): 1, strings.Repeat("a", 161): 2, strings.Repeat("a", 306): 2, strings.Repeat("a", 307): 3,
		strings.Repeat("€", 80): 1, strings.Repeat("€", 81): 2, strings.Repeat("😀", 35): 1, strings.Repeat("😀", 36): 2,
	} {
		if got := notify.PartsOf(text).Parts; got != want {
			t.Errorf("%.5s… of %d bytes: %d parts, want %d", text, len(text), got, want)
		}
	}
}
