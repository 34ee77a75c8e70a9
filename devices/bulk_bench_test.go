package devices

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/ivp"
)

// estate is a synthetic inventory of n rows, with the pairs on record and dates
// of ten years.
func estate(n int) []byte {
	pairs := ivp.Published().Pairs()
	first, _ := ivp.ParseDate("2014-01-01")
	random := rand.New(rand.NewPCG(1, 2))
	var b bytes.Buffer
	b.WriteString("device_id,device_type,manufacturer,model,firmware,spec,gbcs,install_date,scope\n")
	for i := range n {
		p := pairs[random.IntN(len(pairs))]
		quote := ""
		if i%200 == 0 {
			quote = `"`
		}
		fmt.Fprintf(&b, "00-DB-12-34-%08x,%s,106C,%s4331%s,124074DA,%s,%s,%s,\n", i, p.Type, quote, quote, p.Spec, p.GBCS.Version, first.AddDays(random.IntN(3650)))
	}
	return b.Bytes()
}

func BenchmarkBulk(b *testing.B) {
	input := estate(200000)
	for _, workers := range []int{1, 2} {
		b.Run(fmt.Sprintf("%d workers", workers), func(b *testing.B) {
			b.SetBytes(int64(len(input)))
			for b.Loop() {
				reader, err := NewReader(bytes.NewReader(input), ReaderOptions{})
				require.NoError(b, err)
				pass := Bulk{Judge: bulkJudge, Workers: workers}.Begin([]*BulkOutput{{W: io.Discard}})
				require.NoError(b, pass.Input(b.Context(), reader))
			}
		})
	}
}

func BenchmarkTyped(b *testing.B) {
	input := estate(20000)
	b.SetBytes(int64(len(input)))
	for b.Loop() {
		_, _, err := typedPass(b, input, bulkJudge, ReaderOptions{}, CSVStyle{}, BulkOutput{}, false)
		require.NoError(b, err)
	}
}

// differing are rows that are all different, each in one column, beside plain ones.
var differing = []struct{ name, row string }{
	{"plain", "a,ESME,SMETS2 v4.2,3.2,2022-03-01,,%d\n"},
	{"scopes", "a,ESME,SMETS2 v4.2,,2022-06-01,scope %d,\n"},
	{"unread versions", "a,ESME,version %d,3.2,2022-06-01,,\n"},
	{"unlisted versions", "a,ESME,SMETS2 v%d.1,3.2,2022-06-01,,\n"},
	{"unread GBCS versions", "a,ESME,SMETS2 v4.2,gbcs %d,2022-06-01,,\n"},
	{"unlisted GBCS versions", "a,ESME,SMETS2 v4.2,%d.1,2022-06-01,,\n"},
	{"types", "a,kind %d,SMETS2 v4.2,3.2,2022-06-01,,\n"},
	{"dates", "a,ESME,SMETS2 v4.2,3.2,date %d,,\n"},
}

// BenchmarkDiffering shows what rows that are all different take beside plain ones, to
// each kind of output.
func BenchmarkDiffering(b *testing.B) {
	const rows = 50_000
	for _, kind := range differing {
		var input bytes.Buffer
		input.WriteString("device_id,device_type,spec,gbcs,install_date,scope,note\n")
		for i := range rows {
			fmt.Fprintf(&input, kind.row, i)
		}
		for _, out := range []struct {
			name   string
			why    bool
			output BulkOutput
		}{
			{"CSV", false, BulkOutput{W: io.Discard}},
			{"CSV with why", true, BulkOutput{W: io.Discard}},
			{"JSON Lines", false, BulkOutput{W: io.Discard, Lines: JSONLines}},
			{"JSON Lines with why", true, BulkOutput{W: io.Discard, Lines: JSONLines}},
			{"typed", false, BulkOutput{Lines: TypedRows, Rows: func([]TypedRow) error { return nil }}},
		} {
			b.Run(out.name+"/"+kind.name, func(b *testing.B) {
				for b.Loop() {
					reader, err := NewReader(bytes.NewReader(input.Bytes()), ReaderOptions{})
					require.NoError(b, err)
					reader.SetDates(ISODates)
					output := out.output
					pass := Bulk{Judge: bulkJudge, Why: out.why, Workers: 1}.Begin([]*BulkOutput{&output})
					require.NoError(b, pass.Input(b.Context(), reader))
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*rows), "ns/row")
			})
		}
	}
}
