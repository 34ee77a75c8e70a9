package testkit

import (
	"bytes"
	"fmt"
	"os/exec"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// TestFilesThroughTheLibrary answers each file with the library, as answers and as a
// checked inventory.
func TestFilesThroughTheLibrary(t *testing.T) {
	files := VectorFiles(t)
	require.GreaterOrEqual(t, len(files), 10)
	for _, f := range files {
		require.Greater(t, len(f.Devices), 500, f.Name)
		judge := devices.Judge{Checker: f.Checker(ivp.Published())}
		columns, err := devices.MapColumns([]string{"device_type", "spec", "gbcs", "install_date", "scope"}, devices.ColumnOptions{})
		require.NoError(t, err)
		var got []Answer
		for _, d := range f.Devices {
			r := judge.Device(columns.Device([]string{d.DeviceType, d.Spec, d.GBCS, d.InstallDate, d.Scope}))
			to, _ := r.To()
			got = append(got, Answer{r.Outcome().String(), r.Reason.String(), to.String(), r.Amendment()})
		}
		f.Compare(t, got)
		var checked bytes.Buffer
		_, err = devices.CheckCSV(t.Context(), &checked, bytes.NewReader(f.Text), devices.CheckOptions{Judge: judge})
		require.NoError(t, err)
		f.CompareCSV(t, checked.Bytes())
	}
}

func TestTerms(t *testing.T) {
	queries := map[string]string{}
	for _, f := range VectorFiles(t) {
		queries[f.Name] = f.Query().Encode()
	}
	assert.Contains(t, queries, "law-of-the-day")
	assert.Empty(t, queries["law-of-the-day"])
	assert.Equal(t, "as_at=2022-02-23", queries["as-at-2022-02-23"])
	assert.Equal(t, "as_at=latest&assume_open=true&last_day=excluded", queries["assume-open.last-day-excluded.as-at-latest"])

	h := ivp.Published()
	assert.Equal(t, ivp.Checker{History: h, AsAt: h.Latest(), LastDayExcluded: true, AssumeOpen: true}, VectorFile{Terms: Terms{"latest", "excluded", true}}.Checker(h))
	assert.Equal(t, ivp.Checker{History: h}, VectorFile{}.Checker(h))

	_, err := parseTerms("assume-opened")
	assert.ErrorContains(t, err, `"assume-opened" is not one: want law-of-the-day`)
	_, err = parseTerms("as-at-2022-02-30")
	assert.ErrorContains(t, err, "want as-at-latest or as-at-YYYY-MM-DD")
}

// failures is a testing.TB that records failures.
type failures struct {
	testing.TB
	messages []string
}

func (f *failures) Helper() {}
func (f *failures) Errorf(format string, a ...any) {
	f.messages = append(f.messages, fmt.Sprintf(format, a...))
}
func (f *failures) Fatalf(format string, a ...any) {
	f.Errorf(format, a...)
	runtime.Goexit()
}

// failing returns the messages of a comparison that must fail.
func failing(t *testing.T, compare func(testing.TB)) []string {
	f := &failures{TB: t}
	over := make(chan struct{})
	go func() {
		defer close(over)
		compare(f)
	}()
	<-over
	require.NotEmpty(t, f.messages, "the comparison passed")
	return f.messages
}

func TestCompareFails(t *testing.T) {
	f := VectorFiles(t)[0]
	var wanted, others []Answer
	for _, d := range f.Devices {
		wanted = append(wanted, d.Want)
		other := d.Want
		other.To = "2040-01-01"
		others = append(others, other)
	}
	f.Compare(t, wanted)
	said := failing(t, func(t testing.TB) { f.Compare(t, others) })
	assert.Len(t, said, mostShown+1)
	assert.Contains(t, said[0], f.Name+": "+f.Devices[0].ID)
	assert.Contains(t, said[mostShown], fmt.Sprintf("%d answers of %[1]d differ", len(others)))
	for _, wrong := range [][]Answer{nil, wanted[1:], append(others[:1:1], wanted...)} {
		said := failing(t, func(t testing.TB) { f.Compare(t, wrong) })
		assert.Contains(t, said[0], fmt.Sprintf("%d answers to %d devices", len(wrong), len(f.Devices)))
	}
}

func TestCompareCSVFails(t *testing.T) {
	f := VectorFile{Name: "f", Devices: []Vector{{ID: "V1", Want: Answer{"eligible", "within-period", "2023-04-27", "MP196"}}}}
	const heading = "device_id,ivp_outcome,ivp_reason,ivp_to,ivp_amendment\n"
	f.CompareCSV(t, []byte(heading+"V1,eligible,within-period,2023-04-27,MP196\n"))
	for checked, want := range map[string]string{
		"":      "no row",
		heading: "no row",
		heading + "V2,eligible,within-period,2023-04-27,MP196\n":                          `row 1 is of device "V2", where "V1" was expected`,
		heading + "V1,eligible,within-period,,MP196\n":                                    "f: V1",
		heading + strings.Repeat("V1,eligible,within-period,2023-04-27,MP196\n", 2):       "2 answers to 1 devices",
		"device_id,ivp_outcome,ivp_reason,ivp_to\nV1,eligible,within-period,2023-04-27\n": "no column ivp_amendment",
	} {
		said := failing(t, func(t testing.TB) { f.CompareCSV(t, []byte(checked)) })
		assert.Contains(t, said[0], want, checked)
	}
}

// TestNoCommandImportsIt checks that no program contains code for tests.
func TestNoCommandImportsIt(t *testing.T) {
	deps, err := exec.Command("go", "list", "-f", `{{if eq .Name "main"}}{{join .Deps "\n"}}{{end}}`, "github.com/mp196/ivp/cmd/...").Output()
	require.NoError(t, err)
	require.NotEmpty(t, deps)
	for dep := range strings.FieldsSeq(string(deps)) {
		assert.NotEqual(t, "testing", dep, "a program imports package testing")
	}
}

func TestBytes(t *testing.T) {
	pairs := BytePairs(t)
	require.Greater(t, len(pairs), 15)
	for _, p := range pairs {
		assert.NotContains(t, p.Name, ".checked")
		assert.NotEmpty(t, p.Input, p.Name)
		assert.Contains(t, string(p.Checked), "ivp_outcome", p.Name)
	}
}
