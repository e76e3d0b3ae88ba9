package browsertest_test

import (
	_ "embed"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// The parser of Thunderbird (ical.js, MPL-2.0, npm 2.2.1): our calendars are
// judged by a program that is not ours.
//
//go:embed testdata/ical.min.js
var icalParser string

// parsed is what the other parser read of one entry.
type parsed struct {
	UID, Summary, Description, Location, Status, Start, End, Zone string
	Sequence                                                      float64
}

const readCalendar = `(() => { const module = {exports: {}}, exports = module.exports; ` + "%PARSER%" + `;
	const ICAL = module.exports.default || module.exports, root = new ICAL.Component(ICAL.parse(%s));
	return root.getAllSubcomponents("vevent").map(c => { const e = new ICAL.Event(c); return {
		UID: e.uid, Summary: e.summary, Description: e.description || "", Location: e.location, Status: c.getFirstPropertyValue("status"),
		Start: e.startDate.toString(), End: e.endDate.toString(), Zone: e.startDate.zone.tzid, Sequence: e.sequence || 0}; }); })()`

func goldenCalendars(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("../../scheduler/meetings/testdata/*.ics")
	if err != nil || len(files) < 7 {
		t.Fatal(files, err)
	}
	return files
}

func TestAnotherParserReadsOurCalendars(t *testing.T) {
	b := newWorld(t).open(t, "alpha", 1440)
	b.visit("/")
	for _, file := range goldenCalendars(t) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var list []parsed
			script := strings.Replace(b.script(strings.Replace(readCalendar, "%PARSER%", "/*PARSER*/", 1), string(raw)), "/*PARSER*/", icalParser, 1)
			b.run(chromedp.Evaluate(script, &list))
			if n := strings.Count(string(raw), "BEGIN:VEVENT"); len(list) != n {
				t.Fatalf("%d entries of %d", len(list), n)
			}
			for _, e := range list {
				if e.Zone != "UTC" || !strings.HasSuffix(e.Start, "Z") || e.UID == "" || e.Status == "" || strings.ContainsRune(e.Summary+e.Description+e.Location, '\uFFFD') {
					t.Errorf("%+v", e)
				}
				if e.Summary == "" || !strings.Contains(string(raw), "SUMMARY") {
					t.Errorf("no summary: %+v", e)
				}
			}
		})
	}
}

// khal (Debian) reads with python-icalendar.
func TestKhalReadsOurCalendars(t *testing.T) {
	khal, err := exec.LookPath("khal")
	if err != nil {
		t.Fatal("khal is not installed; `make test` brings it")
	}
	dir := t.TempDir()
	config := filepath.Join(dir, "config")
	if err := os.WriteFile(config, []byte("[calendars]\n[[none]]\npath = "+dir+"\n[locale]\nlocal_timezone = Asia/Tehran\ndefault_timezone = Asia/Tehran\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, file := range goldenCalendars(t) {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(raw), "BEGIN:VEVENT") {
			continue // khal has nothing to print
		}
		cmd := exec.Command(khal, "-c", config, "printics", "--format", "{start-time}|{title}|{location}", file) //nolint:gosec // a tool of the machine
		cmd.Env = append(os.Environ(), "HOME="+dir, "LC_ALL=C.UTF-8")
		out, err := cmd.CombinedOutput()
		begins := "08:00:00|"
		if name := filepath.Base(file); strings.HasPrefix(name, "committee") || strings.HasPrefix(name, "sitting") {
			begins = "10:00:00|"
		}
		if err != nil || !strings.Contains(string(out), begins) {
			t.Errorf("%s: %v\n%s", file, err, out)
		}
	}
}
