package report

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"strconv"

	"github.com/mp196/ivp/cmd/internal/rundown"
	"github.com/mp196/ivp/ivp"
)

// rundownLine is a lot as programs read it; what is absent is nil or empty.
type rundownLine struct {
	Closes        ivp.Date `json:"closes,omitzero"`
	End           string   `json:"end"`
	Reason        string   `json:"reason"`
	Amendment     string   `json:"amendment,omitempty"`
	Spec          string   `json:"spec,omitempty"`
	Type          string   `json:"device_type,omitempty"`
	Location      string   `json:"location,omitempty"`
	Devices       int      `json:"devices"`
	DaysLeft      *int     `json:"days_left,omitempty"`
	Fitted        *int     `json:"fitted,omitempty"`
	Stranded      *int     `json:"stranded,omitempty"`
	ValuePence    *int64   `json:"value_pence,omitempty"`
	StrandedPence *int64   `json:"stranded_pence,omitempty"`
	WithoutCost   *int     `json:"without_cost,omitempty"`
	Opens         ivp.Date `json:"opens,omitzero"`
	VouchedTo     ivp.Date `json:"vouched_to,omitzero"`
}

func (r rundownReport) lines() []rundownLine {
	all := make([]rundownLine, 0, len(r.Lots))
	for _, lot := range r.Lots {
		all = append(all, r.line(lot))
	}
	return all
}

func (r rundownReport) line(lot rundown.Lot) rundownLine {
	line := rundownLine{
		End: lot.Kind.String(), Reason: lot.Reason.String(), Amendment: lot.Amendment, Spec: lot.Spec.String(), Type: lot.Type.String(),
		Location: lot.Location, Devices: lot.Devices,
	}
	switch lot.Kind {
	case rundown.Dated:
		left := r.DaysLeft(lot.Day)
		line.Closes, line.DaysLeft = lot.Day, &left
		if r.Plan != nil {
			line.Fitted, line.Stranded = &lot.Fitted, &lot.Stranded
		}
	case rundown.NotOnRecord:
		line.VouchedTo = lot.Day
	case rundown.OpensLater:
		line.Opens = lot.Day
	}
	if !r.Valued {
		return line
	}
	line.WithoutCost = &lot.Costless
	if lot.Costless < lot.Devices {
		line.ValuePence = &lot.Pence
	}
	if lot.Costless < lot.Devices && line.Stranded != nil {
		line.StrandedPence = &lot.StrandedPence
	}
	return line
}

// rundownColumns are the columns of a run-down in CSV. Money is in whole pence.
var rundownColumns = []string{
	"closes", "end", "reason", "amendment", "spec", "device_type", "location", "devices", "days_left", "fitted", "stranded",
	"value_pence", "stranded_pence", "without_cost", "opens", "vouched_to",
}

func (l *rundownLine) cells() []string {
	return []string{
		l.Closes.String(), l.End, l.Reason, l.Amendment, l.Spec, l.Type, l.Location, strconv.Itoa(l.Devices), number(l.DaysLeft), number(l.Fitted), number(l.Stranded),
		number(l.ValuePence), number(l.StrandedPence), number(l.WithoutCost), l.Opens.String(), l.VouchedTo.String(),
	}
}

// number writes a number that may be absent.
func number[T int | int64](n *T) string {
	if n == nil {
		return ""
	}
	return strconv.FormatInt(int64(*n), 10)
}

func (r rundownReport) writeCSV(w io.Writer) error {
	out := csv.NewWriter(w)
	if r.Style.Excel {
		if _, err := io.WriteString(w, "\ufeff"); err != nil {
			return err
		}
		out.UseCRLF = true
	}
	out.Write(rundownColumns)
	for _, line := range r.lines() {
		line.Location = r.Style.Guarded(line.Location)
		out.Write(line.cells())
	}
	out.Flush()
	return out.Error()
}

func (r rundownReport) writeJSONL(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	for _, line := range r.lines() {
		if err := encoder.Encode(line); err != nil {
			return err
		}
	}
	return nil
}
