package devices

// columnMeanings says what each added column holds.
var columnMeanings = map[string]string{
	"ivp_outcome":     "eligible, not_eligible or undetermined",
	"ivp_reason":      "why, in one word",
	"ivp_spec":        "the TS version as it was read, such as SMETS2 v3.1",
	"ivp_to":          "the last day of the window that decided, if it is a date",
	"ivp_days_left":   "whole days from the installation day to ivp_to: 0 on the last day, negative after it",
	"ivp_amendment":   "the amendment that set the bound which decided",
	"ivp_on":          "the installation day that was judged",
	"ivp_as_at":       "the day whose tables were asked",
	"ivp_from":        "the first day of the window that decided, if it is a date",
	"ivp_end":         "what is known of the window's end: date, open or not-on-record",
	"ivp_explanation": "the answer in plain words, with its authority",
	"ivp_cpl_entries": "with --cpl: the numbers of the list's entries on which the answer rests",
	"ivp_waiver":      "with --waivers: the waiver that lets the row pass without failing the run; it changes nothing of the answer",
	"ivp_cpl_remedy":  "with --cpl, for a device not eligible: an entry of the same model and hardware with later firmware that would be eligible on that day; a candidate, no promise that the upgrade path exists",
}

// ColumnMeaning says in a few words what an added column holds; "" for a name
// that is none.
func ColumnMeaning(name string) string { return columnMeanings[name] }
