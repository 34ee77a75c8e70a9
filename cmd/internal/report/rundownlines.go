package report

import (
	"encoding/csv"
	"encoding/json"
	"io"

	"github.com/gocarina/gocsv"

	"github.com/mp196/ivp/cmd/internal/rundown"
	"github.com/mp196/ivp/ivp"
)

// rundownLine is a lot as programs read it; what is absent is nil or empty. Money is
// in whole pence.
type rundownLine struct {
	Closes        ivp.Date `csv:"closes" json:"closes,omitzero"`
	End           string   `csv:"end" json:"end"`
	Reason        string   `csv:"reason" json:"reason"`
	Amendment     string   `csv:"amendment" json:"amendment,omitempty"`
	Spec          string   `csv:"spec" json:"spec,omitempty"`
	Type          string   `csv:"device_type" json:"device_type,omitempty"`
	Location      string   `csv:"location" json:"location,omitempty"`
	Devices       int      `csv:"devices" json:"devices"`
	DaysLeft      *int     `csv:"days_left" json:"days_left,omitempty"`
	Fitted        *int     `csv:"fitted" json:"fitted,omitempty"`
	Stranded      *int     `csv:"stranded" json:"stranded,omitempty"`
	ValuePence    *int64   `csv:"value_pence" json:"value_pence,omitempty"`
	StrandedPence *int64   `csv:"stranded_pence" json:"stranded_pence,omitempty"`
	WithoutCost   *int     `csv:"without_cost" json:"without_cost,omitempty"`
	Opens         ivp.Date `csv:"opens" json:"opens,omitzero"`
	VouchedTo     ivp.Date `csv:"vouched_to" json:"vouched_to,omitzero"`
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

func (r rundownReport) writeCSV(w io.Writer) error {
	out := csv.NewWriter(w)
	if r.Style.Excel {
		if _, err := io.WriteString(w, "\ufeff"); err != nil {
			return err
		}
		out.UseCRLF = true
	}
	lines := r.lines()
	for i := range lines {
		lines[i].Location = r.Style.Guarded(lines[i].Location)
	}
	return gocsv.MarshalCSV(lines, gocsv.NewSafeCSVWriter(out))
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
