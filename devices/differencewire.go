package devices

// DifferenceWire is the JSON shape of a difference; what is absent is left out.
type DifferenceWire struct {
	File  string      `json:"file,omitempty"`
	Line  int         `json:"line,omitempty"`
	Input [][2]string `json:"input,omitempty"`
	// Raw is the row as it came, where it could not be split into cells.
	Raw string `json:"raw,omitempty"`
	// Note is what [Result.Moved] says.
	Note       string     `json:"note,omitempty"`
	Spec       string     `json:"spec,omitempty"`
	Before     AnswerWire `json:"before"`
	After      AnswerWire `json:"after"`
	DaysGained *int       `json:"days_gained,omitempty"`
	ChangedBy  []string   `json:"changed_by,omitempty"`
}

// AnswerWire is one of its two answers.
type AnswerWire struct {
	Outcome     string `json:"outcome,omitempty"`
	Reason      string `json:"reason,omitempty"`
	To          string `json:"to,omitempty"`
	End         string `json:"end,omitempty"`
	Amendment   string `json:"amendment,omitempty"`
	On          string `json:"on,omitempty"`
	AsAt        string `json:"as_at,omitempty"`
	Explanation string `json:"explanation,omitempty"`
}

// NewDifferenceWire returns the shape of a row's difference; why adds what
// explains it.
func NewDifferenceWire(columns Columns, row Row, d Difference, why bool) DifferenceWire {
	after := NewWire(columns, row, d.After, why)
	before := d.Before.Wire(why)
	w := DifferenceWire{
		Line: after.Line, Input: after.Input, Raw: after.Raw, Note: after.Note, Spec: after.Spec,
		Before: answerWire(before), After: answerWire(after), ChangedBy: d.By,
	}
	if days, ok := d.DaysGained(); ok {
		w.DaysGained = &days
	}
	return w
}

func answerWire(w Wire) AnswerWire {
	return AnswerWire{w.Outcome, w.Reason, w.To, w.End, w.Amendment, w.On, w.AsAt, w.Explanation}
}
