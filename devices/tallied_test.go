package devices

import (
	"bytes"
	"context"
	"fmt"
	"reflect"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/mp196/ivp/ivp"
)

var stockRows = []string{
	"a,ESME,SMETS2 v3.1,Leeds,£45.00\n", "b,ESME,SMETS2 v3.1,Leeds,45.5\n", "c,ESME,SMETS2 v3.1,York,\n", "d,GSME,SMETS2 v4.2,York,\"1,000\"\n",
	"\"e\"\"\",GSME,SMETS2 v4.2,York,\"£1,234.50\"\n", "f,GSME,4,,x\n", ",,,,\n", "short\n", "\n",
}

func TestTallyCountsWhatRowsSay(t *testing.T) {
	type kind struct {
		location string
		reason   ivp.Reason
	}
	judge := bulkJudge
	judge.On = day(t, "2022-06-01")
	options := ReaderOptions{Columns: ColumnOptions{Stock: true, OnGiven: true}}
	rapid.Check(t, func(t *rapid.T) {
		input := []byte("device_id,device_type,spec,depot,unit cost\n")
		for _, row := range rapid.SliceOfN(rapid.SampledFrom(stockRows), 0, 40).Draw(t, "rows") {
			input = append(input, row...)
		}
		want, got := map[kind]Tallied{}, map[kind]Tallied{}
		add := func(to map[kind]Tallied, told Tallied) {
			k := kind{told.Device.Location, told.Result.Reason}
			sum := to[k]
			sum.Devices += told.Devices
			sum.Pence += told.Pence
			sum.Costless += told.Costless
			to[k] = sum
		}
		reader, err := NewReader(bytes.NewReader(input), options)
		require.NoError(t, err)
		for {
			row, err := reader.Read()
			if err != nil {
				break
			}
			if r := judge.Row(row); r.Judged() {
				pence, err := ParsePence(row.Device.UnitCost)
				costless := 0
				if err != nil {
					costless = 1
				}
				add(want, Tallied{Device: row.Device, Result: r, Devices: 1, Pence: pence, Costless: costless})
			}
		}
		reader, err = NewReader(bytes.NewReader(input), options)
		require.NoError(t, err)
		bulk := Bulk{Judge: judge, Workers: rapid.IntRange(1, 3).Draw(t, "workers"), blockSize: rapid.IntRange(1, 99).Draw(t, "block")}
		bulk.Tally = func(told Tallied) {
			require.True(t, told.Device.Location != "" || told.Result.Reason == ivp.BadRow || told.Result.Reason == ivp.BadVersion)
			add(got, told)
		}
		pass := bulk.Begin(nil)
		require.NoError(t, pass.Input(context.Background(), reader))
		require.Equal(t, want, got)
	})
}

func TestParsePence(t *testing.T) {
	for text, want := range map[string]int64{"45": 4500, " £45.5 ": 4550, "0": 0, "1,234.50": 123450, "1,234,567": 123456700, "£ 7.05": 705} {
		got, err := ParsePence(text)
		require.NoError(t, err, text)
		assert.Equal(t, want, got, text)
	}
	for _, text := range []string{"", "£", "-1", "1.234", "1,5", "12,34", ",100", "1.", ".5", "1e3", "45p", "99999999999999999999", "½", "1.0.0"} {
		_, err := ParsePence(text)
		assert.Error(t, err, text)
	}
}

func TestJudgePeriodsAreTheAnswersOfTheirDays(t *testing.T) {
	d := Device{}
	d.Installation.Spec, _ = ivp.ParseSpec("SMETS2 v3.1", 0)
	periods := bulkJudge.Periods(d)
	require.Greater(t, len(periods), 3)
	assert.Equal(t, ivp.MinDate(), periods[0].First)
	assert.Equal(t, ivp.MaxDate(), periods[len(periods)-1].Last)
	for n, p := range periods {
		if n > 0 {
			assert.Equal(t, periods[n-1].Last.AddDays(1), p.First)
		}
		for _, on := range []ivp.Date{p.First, p.Last} {
			d.On = on
			assert.Equal(t, bulkJudge.Device(d).Verdict, p.Result.Verdict, on)
		}
	}
}

func FuzzParsePence(f *testing.F) {
	for _, text := range []string{"45", "£1,234.50", "1,5", "", "0.1"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		pence, err := ParsePence(text)
		if err != nil {
			return
		}
		again, err := ParsePence(fmt.Sprintf("%d.%02d", pence/100, pence%100))
		require.NoError(t, err)
		assert.Equal(t, pence, again)
		assert.GreaterOrEqual(t, pence, int64(0))
	})
}

func TestMergeAddsEveryCounter(t *testing.T) {
	var one Summary
	each := func(s *Summary, use func(name string, n reflect.Value)) {
		for v, i := reflect.ValueOf(s).Elem(), 0; i < v.NumField(); i++ {
			switch field, name := v.Field(i), v.Type().Field(i).Name; field.Kind() {
			case reflect.Int:
				use(name, field)
			case reflect.Struct:
				if n := field.FieldByName("N"); n.IsValid() {
					use(name, n)
				}
			}
		}
	}
	each(&one, func(_ string, n reflect.Value) { n.SetInt(1) })
	total := mergeShares([]*Summary{&one, &one})
	each(total, func(name string, n reflect.Value) { assert.EqualValues(t, 2, n.Int(), name) })
}
