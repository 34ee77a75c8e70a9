package devices

import "github.com/mp196/ivp/ivp"

// Wire is the one JSON shape of a result: what is absent is left out. Input
// that is not UTF-8 carries U+FFFD in place of what JSON cannot hold.
type Wire struct {
	File  string      `json:"file,omitempty"`
	Line  int         `json:"line,omitempty"`
	Input [][2]string `json:"input,omitempty"`
	// Raw is the row as it came, where it could not be split into cells; of a row of
	// more than 2 MiB the beginning, which ends with " […]", as cells do that are cut.
	Raw string `json:"raw,omitempty"`
	// Note is what [Result.Moved] says.
	Note      string `json:"note,omitempty"`
	Outcome   string `json:"outcome,omitempty"`
	Reason    string `json:"reason,omitempty"`
	Spec      string `json:"spec,omitempty"`
	To        string `json:"to,omitempty"`
	End       string `json:"end,omitempty"`
	DaysLeft  *int   `json:"days_left,omitempty"`
	Amendment string `json:"amendment,omitempty"`

	On          string `json:"on,omitempty"`
	AsAt        string `json:"as_at,omitempty"`
	From        string `json:"from,omitempty"`
	Explanation string `json:"explanation,omitempty"`

	CPLEntries []string `json:"cpl_entries,omitempty"`
	CPLRemedy  string   `json:"cpl_remedy,omitempty"`

	Waiver string `json:"waiver,omitempty"`
}

// mostOfWire is how many bytes of a row go into JSON, in which one can become six.
// What is longer is cut, and ends with cutMark.
const (
	mostOfWire = 2 << 20
	cutMark    = " […]"
)

// NewWire returns the shape of a row's result; why adds what explains it.
func NewWire(columns Columns, row Row, r Result, why bool) Wire {
	w := r.Wire(why)
	w.Line = row.Line
	if row.Cells == nil {
		w.Raw = string(row.Raw[:min(len(row.Raw), mostOfWire)])
		if len(row.Raw) > mostOfWire || row.Open {
			w.Raw += cutMark
		}
	}
	headings := columns.Headings()
	left := mostOfWire
	for i, cell := range row.Cells {
		heading := ""
		if i < len(headings) {
			heading = headings[i]
		}
		if len(cell) > left {
			cell = cell[:left] + cutMark
		}
		left -= min(left, len(cell))
		w.Input = append(w.Input, [2]string{heading, cell})
	}
	return w
}

// Wire returns the shape of the result without a row.
func (r Result) Wire(why bool) Wire {
	if !r.Judged() {
		return Wire{}
	}
	w := Wire{
		Note:      r.Moved(),
		Outcome:   r.Outcome().String(),
		Reason:    r.Reason.String(),
		Spec:      r.Spec().String(),
		To:        r.toCell(),
		End:       r.End().String(),
		Amendment: r.Amendment(),

		CPLEntries: r.Entries,
		CPLRemedy:  r.Remedy,
		Waiver:     waiverCell(r.Waiver),
	}
	if days, ok := r.DaysLeft(); ok {
		w.DaysLeft = &days
	}
	if why {
		w.On, w.AsAt = r.onCell(), r.AsAt.String()
		w.From = fromText(r.Window)
		w.Explanation = r.Explanation()
	}
	return w
}

func fromText(w ivp.Window) string {
	from, _ := w.From.Date()
	return from.String()
}
