package static

import (
	"flag"
	"fmt"
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write css/fallback.css anew")

// colour is linear sRGB.
type colour [3]float64

var (
	pair    = regexp.MustCompile(`(--[\w-]+): light-dark\((oklch\((?:[^()]|\([^()]*(?:\([^()]*\))?[^()]*\))*\)), (oklch\(.*\))\);`)
	accents = regexp.MustCompile(`\[data-accent="(\w+)"\] \{ --ah: ([\d.]+); --ac: ([\d.]+); \}`)
	scaled  = regexp.MustCompile(`calc\(var\(--ac\) \* ([\d.]+)\)`)
)

// TestContrast holds every pair of colours that meet on a page to WCAG: 4.5
// for text, 3 for the edges of controls and focus; for every accent, in light
// and dark.
func TestContrast(t *testing.T) {
	for name, themes := range palettes(t) {
		for theme, c := range themes {
			for _, p := range pairsOfText() {
				check(t, name+" "+theme, c, p[0], p[1], 4.5)
			}
			for _, p := range [][2]string{
				{"line-strong", "surface"}, {"line-strong", "page"}, {"focus", "page"}, {"focus", "surface"}, {"focus", "sunken"},
				{"accent", "surface"}, {"fill-2", "surface"}, {"fill-3", "surface"}, {"fill-4", "surface"}, {"fill-5", "surface"}, {"danger-solid", "surface"},
			} {
				check(t, name+" "+theme, c, p[0], p[1], 3)
			}
		}
	}
}

func pairsOfText() [][2]string {
	var pairs [][2]string
	for _, ground := range []string{"page", "surface", "sunken", "raised", "hover", "accent-tint"} {
		for _, ink := range []string{"ink", "ink-2", "ink-3", "accent-text"} {
			pairs = append(pairs, [2]string{ink, ground})
		}
	}
	for _, tone := range []string{"success", "warning", "danger", "info"} {
		for _, ground := range []string{tone + "-tint", "surface", "page", "hover", "raised"} {
			pairs = append(pairs, [2]string{tone, ground})
		}
		pairs = append(pairs, [2]string{"ink", tone + "-tint"}, [2]string{"ink-2", tone + "-tint"}, [2]string{"accent-text", tone + "-tint"})
	}
	return append(pairs, [2]string{"on-accent", "accent"}, [2]string{"on-accent", "accent-strong"}, [2]string{"on-danger", "danger-solid"})
}

func check(t *testing.T, where string, c map[string]colour, ink, ground string, least float64) {
	t.Helper()
	for _, name := range []string{ink, ground} {
		if _, ok := c[name]; !ok {
			t.Fatalf("no colour --%s", name)
		}
	}
	a, b := luminance(c[ink]), luminance(c[ground])
	if got := (max(a, b) + 0.05) / (min(a, b) + 0.05); got < least {
		t.Errorf("%s: --%s on --%s has contrast %.2f, less than %.1f", where, ink, ground, got, least)
	}
}

// TestFallback keeps fallback.css equal to the light colours of tokens.css,
// for browsers that know neither light-dark() nor oklch().
func TestFallback(t *testing.T) {
	tokens, err := os.ReadFile("css/tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString("/* The light colours for browsers without light-dark(), made by `go test ./static -run Fallback -update`. */\n")
	b.WriteString("@supports not (color: light-dark(red, red)) {\n  :root, [data-accent] {\n")
	light := palettes(t)["teal"]["light"]
	for _, m := range pair.FindAllStringSubmatch(string(tokens), -1) {
		if !strings.Contains(m[2], "/") { // a veil without transparency would hide the page
			fmt.Fprintf(&b, "    %s: %s;\n", m[1], hexOf(light[m[1][2:]]))
		}
	}
	b.WriteString("  }\n}\n")
	if *update {
		if err := os.WriteFile("css/fallback.css", []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if now, _ := os.ReadFile("css/fallback.css"); string(now) != b.String() {
		t.Error("css/fallback.css is out of date: go test ./static -run Fallback -update")
	}
}

// palettes are the colours of tokens.css by accent and theme.
func palettes(t *testing.T) map[string]map[string]map[string]colour {
	t.Helper()
	data, err := os.ReadFile("css/tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]map[string]map[string]colour{}
	pairs := pair.FindAllStringSubmatch(string(data), -1)
	for _, a := range accents.FindAllStringSubmatch(string(data), -1) {
		hue, chroma := number(a[2]), number(a[3])
		themes := map[string]map[string]colour{"light": {}, "dark": {}}
		for _, m := range pairs {
			themes["light"][m[1][2:]] = parse(t, m[2], hue, chroma)
			themes["dark"][m[1][2:]] = parse(t, m[3], hue, chroma)
		}
		all[a[1]] = themes
	}
	if len(all) < 10 || len(all["teal"]["light"]) < 36 {
		t.Fatalf("read %d accents with %d colours", len(all), len(all["teal"]["light"]))
	}
	return all
}

func parse(t *testing.T, text string, hue, chroma float64) colour {
	t.Helper()
	text = scaled.ReplaceAllStringFunc(text, func(m string) string {
		return fmt.Sprint(chroma * number(scaled.FindStringSubmatch(m)[1]))
	})
	text = strings.NewReplacer("var(--ac)", fmt.Sprint(chroma), "var(--ah)", fmt.Sprint(hue), "oklch(", "", ")", "").Replace(text)
	parts := strings.Fields(strings.Split(text, "/")[0])
	if len(parts) != 3 {
		t.Fatalf("cannot read the colour %q", text)
	}
	return oklch(number(parts[0]), number(parts[1]), number(parts[2]))
}

func number(s string) float64 {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		panic(err)
	}
	return f
}

// oklch is Björn Ottosson's conversion, clipped to sRGB as browsers do.
func oklch(l, c, h float64) colour {
	a, b := c*math.Cos(h*math.Pi/180), c*math.Sin(h*math.Pi/180)
	cube := func(x float64) float64 { return x * x * x }
	L := cube(l + 0.3963377774*a + 0.2158037573*b)
	M := cube(l - 0.1055613458*a - 0.0638541728*b)
	S := cube(l - 0.0894841775*a - 1.2914855480*b)
	clip := func(x float64) float64 { return min(1, max(0, x)) }
	return colour{
		clip(4.0767416621*L - 3.3077115913*M + 0.2309699292*S),
		clip(-1.2684380046*L + 2.6097574011*M - 0.3413193965*S),
		clip(-0.0041960863*L - 0.7034186147*M + 1.7076147010*S),
	}
}

func luminance(c colour) float64 { return 0.2126*c[0] + 0.7152*c[1] + 0.0722*c[2] }

func hexOf(c colour) string {
	text := "#"
	for _, v := range c {
		if v <= 0.0031308 {
			v *= 12.92
		} else {
			v = 1.055*math.Pow(v, 1/2.4) - 0.055
		}
		text += fmt.Sprintf("%02x", int(math.Round(v*255)))
	}
	return text
}
