package parts

// Tone is the meaning of a coloured part. It is never the only sign: parts put
// an icon or words beside it.
type Tone string

// The tones. The zero value is neutral.
const (
	Neutral Tone = ""
	Accent  Tone = "accent"
	Info    Tone = "info"
	Success Tone = "success"
	Warning Tone = "warning"
	Danger  Tone = "danger"
)

var toneClasses = map[Tone]string{
	Neutral: "tone-neutral", Accent: "tone-accent", Info: "tone-info", Success: "tone-success", Warning: "tone-warning", Danger: "tone-danger",
}

func (t Tone) class() string {
	return toneClasses[t]
}

// icon is the sign that goes with a tone.
func (t Tone) icon() string {
	switch t {
	case Success:
		return "circle-check"
	case Warning:
		return "triangle-alert"
	case Danger:
		return "circle-alert"
	}
	return "info"
}

// or is s, or other when s is empty.
func or(s, other string) string {
	if s == "" {
		return other
	}
	return s
}
