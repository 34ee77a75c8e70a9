package report

import (
	"bytes"
	"html"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"github.com/mp196/ivp/cmd/internal/remarks"
	"github.com/mp196/ivp/devices"
)

// TestEveryRenderingLeadsWithTheAnswer has the sentence, the remedy, the terms and
// the causes, in this order, in every rendering of a check.
func TestEveryRenderingLeadsWithTheAnswer(t *testing.T) {
	text := "Device ID,Device Type,SMETS Version,GBCS Version,Installation Date\n" + strings.Repeat("A,ESME,SMETS2 v4.2,3.2,2026-12-01\n", 3) +
		"B,ESME,SMETS2 v3.1,2.1,2023-04-28\nC,ESME,SMETS2 v4.2,4,2022-06-01\nD,ESME,SMETS2 v4.2,3.2,2022-06-01\n"
	options := testOptions()
	written := map[Format]string{}
	var totals Totals
	for _, format := range []Format{HTML, Markdown, Workbook, JSON} {
		var out bytes.Buffer
		sink, err := Output{Format: format, W: &out}.Sink(options)
		require.NoError(t, err)
		totals = feed(t, sink, options.Judge, nil, devices.ColumnOptions{}, input{text: text})
		require.NoError(t, sink.End(totals))
		written[format] = html.UnescapeString(out.String())
		if format == Workbook {
			book, err := excelize.OpenReader(&out)
			require.NoError(t, err)
			rows, err := book.GetRows("Summary")
			require.NoError(t, err)
			var b strings.Builder
			for _, row := range rows {
				b.WriteString(strings.Join(row, "\n") + "\n")
			}
			written[format] = b.String()
		}
	}
	var screen bytes.Buffer
	WriteSummary(&screen, totals.Summary, options, nil)
	written["terminal"] = screen.String()
	assert.LessOrEqual(t, strings.Count(screen.String(), "\n"), 24)

	a := remarks.NewAnswer(totals.Summary, options.Judge, remarks.CommandLine)
	assert.Equal(t, "Of 6 devices 1 may be installed on its date; 1 may not; 4 cannot be judged: for 3 the rules are not known after 21 September 2022.", a.Sentence)
	parts := []string{a.Sentence, a.Remedy, a.Terms}
	for _, c := range a.Causes {
		parts = append(parts, c.What[1:], c.Do[1:], c.First[0])
	}
	for format, all := range written {
		all = strings.NewReplacer(`\"`, `"`, `\[`, `[`, `\]`, `]`, `\u003c`, "<", `<span class="keep">`, "", "</span>", "").Replace(all)
		if format == JSON { // whose members are found, whatever their order
			for _, part := range parts {
				assert.Contains(t, all, part, format)
			}
			continue
		}
		at := 0
		for _, part := range parts {
			next := strings.Index(all[at:], part)
			require.GreaterOrEqual(t, next, 0, "%s: %q is missing, or out of its place, in\n%s", format, part, all)
			at += next
		}
	}
}
