package remarks

import (
	"slices"
	"strings"

	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// Authorities gathers the amendments on which results rest, so that their
// sources are told once and not with each result. Make one with
// [NewAuthorities].
type Authorities struct {
	history ivp.History
	// texts are what an explanation says of an amendment's sources.
	texts map[string]string
}

// NewAuthorities returns authorities of a record, none of them gathered yet.
func NewAuthorities(h ivp.History) *Authorities {
	return &Authorities{history: h, texts: map[string]string{}}
}

// Explanation returns the result's explanation without the sources of its
// amendment, which is gathered.
func (a *Authorities) Explanation(r devices.Result) string {
	return strings.Replace(r.Explanation(), a.text(r.Amendment()), "", 1)
}

func (a *Authorities) text(id string) string {
	if text, known := a.texts[id]; known || id == "" {
		return text
	}
	text := ""
	if amendment, ok := a.history.Amendment(id); ok {
		text = " " + id + ", in force " + amendment.InForce.String() + ": " + strings.Join(Citations(amendment), "; ") + "."
	}
	a.texts[id] = text
	return text
}

// Authority is an amendment with its sources.
type Authority struct {
	ID        string   `json:"id"`
	InForce   string   `json:"in_force"`
	Title     string   `json:"title,omitempty"`
	Citations []string `json:"citations"`
}

// Gathered returns the amendments that were gathered, by their day.
func (a *Authorities) Gathered() []Authority {
	var all []Authority
	if len(a.texts) == 0 {
		return all
	}
	for _, amendment := range a.history.Amendments() {
		if a.texts[amendment.ID] != "" {
			all = append(all, Authority{amendment.ID, amendment.InForce.String(), amendment.Title, Citations(amendment)})
		}
	}
	return slices.Clip(all)
}

// Citations returns the citations of an amendment in words.
func Citations(a ivp.Amendment) []string {
	all := []string{}
	for _, c := range a.Citations {
		all = append(all, c.String())
	}
	return all
}
