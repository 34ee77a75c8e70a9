package query

import (
	"sync/atomic"

	"github.com/mp196/ivp/cmd/internal/remarks"
	"github.com/mp196/ivp/devices"
)

// ToldRow is a row that is told of beside the checked inventory. Its explanation
// is without the sources of its amendment.
type ToldRow struct {
	Line   int    `json:"line"`
	Device string `json:"device,omitempty"`
	devices.Wire
}

// toldRows keeps the first rows that are told of. It holds nothing of the
// input's own memory.
type toldRows struct {
	columns devices.Columns
	// authorities are the amendments on which the rows rest.
	authorities *remarks.Authorities
	most        int
	rows        []ToldRow
	enough      atomic.Bool
}

// take is called with rows in order, by one goroutine after another.
func (t *toldRows) take(rows []devices.TypedRow) error {
	for _, row := range rows {
		if len(t.rows) == t.most {
			t.enough.Store(true)
			return nil
		}
		wire := row.Result.Wire(true)
		wire.Explanation = t.authorities.Explanation(row.Result)
		t.rows = append(t.rows, ToldRow{row.Row.Line, remarks.RowName(t.columns, row.Row), wire})
	}
	return nil
}
