package components

// Tone is the colour family of a badge, notice, tag or timeline item. Amber is
// everything nobody knows for sure; red is a bad end or an alarm.
type Tone string

// Tones.
const (
	Plain Tone = ""
	Blue  Tone = "blue"
	Green Tone = "green"
	Amber Tone = "amber"
	Red   Tone = "red"
)

// class is the modifier of the style sheet: "is-amber"; empty for Plain.
func (t Tone) class() string {
	if t == Plain {
		return ""
	}
	return "is-" + string(t)
}

// Modifier is the same behind another class: " is-amber".
func (t Tone) Modifier() string {
	if t == Plain {
		return ""
	}
	return " " + t.class()
}
