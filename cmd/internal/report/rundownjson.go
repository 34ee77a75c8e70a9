package report

import (
	"encoding/json"
	"io"

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
	ValuePence    *int64         `json:"value_pence,omitempty"`
	StrandedPence *int64         `json:"stranded_pence,omitempty"`
	WithoutCost   *int           `json:"without_cost,omitempty"`
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
	wire := rundownWire{On: r.On, Plan: r.planWire(), Summary: r.summaryWire(), Dates: []rundownDateWire{}, Detail: r.lines(), Rules: evidence.NewRulesCount(r.Rules, r.Summary.Today)}
	for _, d := range r.Dates() {
		line := r.line(d.Lot())
		date := rundownDateWire{
			Closes: line.Closes, End: line.End, Opens: line.Opens, VouchedTo: line.VouchedTo, DaysLeft: line.DaysLeft, Devices: line.Devices,
			Fitted: line.Fitted, Stranded: line.Stranded, ValuePence: line.ValuePence, StrandedPence: line.StrandedPence, WithoutCost: line.WithoutCost,
		}
		if d.Kind == rundown.Dated {
			date.Remain, date.PerWeek = &d.Remain, &d.PerWeek
		}
		wire.Dates = append(wire.Dates, date)
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
	all := r.Total(func(rundown.Kind) bool { return true })
	wire := rundownSummaryWire{
		Devices: all.Devices, Installable: r.Total(rundown.Kind.Installable).Devices, Ends: map[string]int{}, PerWeek: r.perWeek(), Unplanned: r.Unplanned,
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
