package export

import (
	"os"
	"regexp"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/ivp"
)

var sqlBlock = regexp.MustCompile("(?ms)^```sql\n(.*?);\n```$")

// estate is a user's own table, with versions as people write them.
const estate = `CREATE TABLE estate (id VARCHAR(40), device_type VARCHAR(80), smets_version VARCHAR(40), gbcs VARCHAR(40), install_date DATE, scope VARCHAR(40));
INSERT INTO estate VALUES
('1', 'ESME', 'SMETS_2_V3.1', '2.1', '2023-04-27', ''),
('2', 'ESME', 'smets 2  v3.1', '2.1', '2023-04-28', NULL),
('3', NULL, 'SMETS 2 v4.2', NULL, '2022-06-01', NULL),
('4', NULL, 'about 4.2', NULL, '2022-06-01', NULL),
('5', NULL, 'SMETS2 v4.2', NULL, NULL, NULL);
`

// TestReadmeSQL runs the statements of the help topic in their order: the view
// that adapts a table, and the queries.
func TestReadmeSQL(t *testing.T) {
	readme, err := os.ReadFile("../../ivp/docs/sql.md")
	require.NoError(t, err)
	blocks := sqlBlock.FindAllSubmatch(readme, -1)
	require.Len(t, blocks, 2, "the topic shows a query and a view")
	query, view := string(blocks[0][1]), string(blocks[1][1])
	onEngines(t, func(t *testing.T, d Dialect, db database) {
		must(t, db, estate+view+";\n"+written(t, ivp.Checker{History: ivp.Published()}, SQLOptions{Dialect: d}))
		got := db.ask(t, query)
		slices.SortFunc(got, slices.Compare)
		assert.Equal(t, [][]string{
			{"1", "eligible", "within-period", "2023-04-27", "0", "MP196"},
			{"2", "not_eligible", "after-end", "2023-04-27", "-1", "MP196"},
			{"3", "eligible", "within-period", "", "", "SEC-6.21"},
			{"4", "undetermined", "bad-version", "", "", ""},
			{"5", "undetermined", "no-date", "", "", ""},
		}, got)
	})
}
