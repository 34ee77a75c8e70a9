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
