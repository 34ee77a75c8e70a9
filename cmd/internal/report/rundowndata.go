//go:build !js

package report

import (
	"encoding/csv"
	"encoding/json"
	"io"

	"github.com/gocarina/gocsv"

	"github.com/mp196/ivp/cmd/internal/evidence"
	"github.com/mp196/ivp/cmd/internal/rundown"
	"github.com/mp196/ivp/ivp"
)

// rundownWire is the JSON shape of a run-down; what is absent is left out.
type rundownWire struct {
	On      ivp.Date            `json:"on"`
	Plan    *planWire           `json:"plan,omitempty"`
	Summary rundownSummaryWire  `json:"summary"`
	Dates   []rundownDateWire   `json:"dates"`
	FitBy   []fitByWire         `json:"fit_by,omitempty"`
	Detail  []rundownLine       `json:"detail"`
	Rules   evidence.RulesCount `json:"rules"`
}

type planWire struct {
	Name  string     `json:"name"`
	Rates []rateWire `json:"rates"`
}

type rateWire struct {
	Type     string   `json:"device_type,omitempty"`
	Location string   `json:"location,omitempty"`
	From     ivp.Date `json:"from"`
	To       ivp.Date `json:"to,omitzero"`
	PerWeek  int64    `json:"per_week"`
}

type rundownSummaryWire struct {
	Devices     int `json:"devices"`
	Installable int `json:"installable"`
	// Ends counts the devices by what becomes of them.
	Ends          map[string]int `json:"ends"`
	PerWeek       int64          `json:"per_week_to_strand_none"`
	Fitted        *int           `json:"fitted,omitempty"`
	Stranded      *int           `json:"stranded,omitempty"`
	Unplanned     int            `json:"without_a_rate,omitempty"`
	Others        int            `json:"rows_without_device,omitempty"`
	ValuePence    *int64         `json:"value_pence,omitempty"`
	StrandedPence *int64         `json:"stranded_pence,omitempty"`
	WithoutCost   *int           `json:"without_cost,omitempty"`
}

// fitByWire is what must be installed from a location by a day.
type fitByWire struct {
	Location      string   `json:"location"`
	FitBy         ivp.Date `json:"fit_by"`
	DaysLeft      *int     `json:"days_left"`
	Devices       int      `json:"devices"`
	SoFar         int      `json:"so_far"`
	PerWeek       int64    `json:"per_week"`
	Fitted        *int     `json:"fitted,omitempty"`
	Stranded      *int     `json:"stranded,omitempty"`
	ValuePence    *int64   `json:"value_pence,omitempty"`
	StrandedPence *int64   `json:"stranded_pence,omitempty"`
}

type rundownDateWire struct {
	Closes        ivp.Date `json:"closes,omitzero"`
	End           string   `json:"end"`
	Opens         ivp.Date `json:"opens,omitzero"`
	VouchedTo     ivp.Date `json:"vouched_to,omitzero"`
	DaysLeft      *int     `json:"days_left,omitempty"`
	Devices       int      `json:"devices"`
	Remain        *int     `json:"remain,omitempty"`
	PerWeek       *int64   `json:"per_week,omitempty"`
	Fitted        *int     `json:"fitted,omitempty"`
	Stranded      *int     `json:"stranded,omitempty"`
	ValuePence    *int64   `json:"value_pence,omitempty"`
	StrandedPence *int64   `json:"stranded_pence,omitempty"`
	WithoutCost   *int     `json:"without_cost,omitempty"`
}

func (r rundownReport) writeJSON(w io.Writer) error {
	wire := rundownWire{On: r.On, Plan: r.planWire(), Summary: r.summaryWire(), Dates: []rundownDateWire{}, Detail: r.lines(), Rules: evidence.NewRulesCount(r.Checker.History, r.Summary.Today)}
	for _, d := range r.Dates() {
		line := r.line(d.Lot)
		date := rundownDateWire{
			Closes: line.Closes, End: line.End, Opens: line.Opens, VouchedTo: line.VouchedTo, DaysLeft: line.DaysLeft, Devices: line.Devices,
			Fitted: line.Fitted, Stranded: line.Stranded, ValuePence: line.ValuePence, StrandedPence: line.StrandedPence, WithoutCost: line.WithoutCost,
		}
		if d.Kind == rundown.Dated {
			date.Remain, date.PerWeek = &d.Remain, &d.PerWeek
		}
		wire.Dates = append(wire.Dates, date)
	}
	for _, f := range r.FitBy() {
		line := r.line(f.Lot)
		wire.FitBy = append(wire.FitBy, fitByWire{
			Location: f.Location, FitBy: f.Day, DaysLeft: line.DaysLeft, Devices: f.Devices, SoFar: f.SoFar, PerWeek: f.PerWeek,
			Fitted: line.Fitted, Stranded: line.Stranded, ValuePence: line.ValuePence, StrandedPence: line.StrandedPence,
		})
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(wire)
}

func (r rundownReport) planWire() *planWire {
	if r.Plan == nil {
		return nil
	}
	wire := &planWire{Name: r.Plan.Name}
	for _, team := range r.Plan.Teams {
		for _, rate := range team.Rates {
			if r.PlanFile == nil { // which begins with the stock, not with the calendar
				rate.From = r.On
			}
			wire.Rates = append(wire.Rates, rateWire{team.Type.String(), team.Location, rate.From, rate.To, rate.PerWeek})
		}
	}
	return wire
}

func (r rundownReport) summaryWire() rundownSummaryWire {
	all := r.all()
	wire := rundownSummaryWire{
		Devices: all.Devices, Installable: r.Total(rundown.Kind.Installable).Devices, Ends: map[string]int{}, PerWeek: r.perWeek(), Unplanned: r.Unplanned, Others: r.Others,
	}
	for _, kind := range rundown.Kinds() {
		wire.Ends[kind.String()] = r.of(kind).Devices
	}
	if r.Plan != nil {
		wire.Fitted, wire.Stranded = &all.Fitted, &all.Stranded
	}
	if r.Valued {
		wire.ValuePence, wire.WithoutCost = &all.Pence, &all.Costless
	}
	if r.Valued && r.Plan != nil {
		wire.StrandedPence = &all.StrandedPence
	}
	return wire
}

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

func (r rundownReport) writeWorkbook(w io.Writer) error {
	s := &workbookSink{w: w}
	if err := s.open(); err != nil {
		return err
	}
	defer s.file.Close()
	d := r.document(0)
	if err := s.writeDocument(d); err != nil {
		return err
	}
	if err := r.writeChart(s); err != nil {
		return err
	}
	if err := s.file.DeleteSheet("Sheet1"); err != nil {
		return err
	}
	return s.pack(d)
}
