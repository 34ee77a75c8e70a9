package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/cmd/internal/remarks"
	"github.com/mp196/ivp/ivp"
)

const draft = `{"amendments": [{"id": "DRAFT", "title": "invented", "in_force": "2027-01-01",
"citations": [{"document": "invented"}], "entries": [{"spec": "SMETS2 v4.2", "to": "open"}]}]}`

func today(t *testing.T) ivp.Date {
	d, err := ivp.ParseDate("2026-11-23")
	require.NoError(t, err)
	return d
}

func TestParseState(t *testing.T) {
	file := filepath.Join(t.TempDir(), "draft.json")
	require.NoError(t, os.WriteFile(file, []byte(draft), 0o600))
	for text, want := range map[string]struct {
		asAt, edition, words string
		notes                int
	}{
		"":                            {"", "", "the law of each device's own day", 0},
		"latest":                      {"2022-02-24", "", "the tables as at 24 February 2022", 0},
		" 2022-02-23 ":                {"2022-02-23", "", "the tables as at 23 February 2022", 0},
		"today":                       {"2026-11-23", "", "the tables as at 23 November 2026", 0},
		"latest,-MP196":               {"2022-02-22", "-MP196", "the tables as at 22 February 2022, without MP196", 0},
		",-MP196":                     {"", "-MP196", "the law of each device's own day, without MP196", 0},
		"-MP196":                      {"", "-MP196", "the law of each device's own day, without MP196", 0},
		"latest,+" + file:             {"2027-01-01", "+DRAFT", "the tables as at 1 January 2027, with DRAFT of " + file, 0},
		"latest, -MP196 , +" + file:   {"2027-01-01", "-MP196+DRAFT", "the tables as at 1 January 2027, without MP196, with DRAFT of " + file, 0},
		"2022-02-24,+" + file:         {"2022-02-24", "+DRAFT", "the tables as at 24 February 2022, with DRAFT of " + file, 1},
		"21/02/2022,-MP196":           {"2022-02-21", "-MP196", "the tables as at 21 February 2022, without MP196", 1},
		"11/02/2022":                  {"2022-02-11", "", "the tables as at 11 February 2022", 1},
		"2022-02-21,-MP196,-SEC-6.21": {"2022-02-21", "-MP196-SEC-6.21", "the tables as at 21 February 2022, without MP196, without SEC-6.21", 1},
	} {
		s, err := parseState(text, ivp.Published(), today(t))
		require.NoError(t, err, text)
		assert.Equal(t, want.asAt, s.AsAt.String(), text)
		assert.Equal(t, ivp.Published().Edition()+want.edition, s.History.Edition(), text)
		assert.Equal(t, want.words, s.Words, text)
		assert.Len(t, s.Notes, want.notes, text)
	}
}

func TestParseStateFaults(t *testing.T) {
	for text, says := range map[string]string{
		"yesterday":         `"yesterday": want a day`,
		"latest,MP196":      `"MP196": want a day`,
		"latest,-MP195":     `no amendment "MP195" is on record: want one of SMETS1-EST`,
		"latest,-":          `"-": want`,
		"latest,+none.json": "could not read the amendments",
		"latest,":           "",
		"2022-02-30":        "want a day",
		"latest,,-MP196":    `"": want`,
	} {
		_, err := parseState(text, ivp.Published(), today(t))
		if says == "" {
			require.NoError(t, err, text)
			continue
		}
		assert.ErrorContains(t, err, says, text)
	}
}

func FuzzParseState(f *testing.F) {
	for _, text := range []string{"", "latest,-MP196", "2022-02-23", "-MP196,-PRE-MP196", "today,", ",,"} {
		f.Add(text)
	}
	day, err := ivp.ParseDate("2026-11-23")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if strings.Contains(text, "+") {
			t.Skip("names a file")
		}
		s, err := parseState(text, ivp.Published(), day)
		if err != nil {
			assert.NotEmpty(t, err.Error())
			return
		}
		assert.Equal(t, text, s.Text)
		assert.NotEmpty(t, s.Words)
		again, err := parseState(text, ivp.Published(), day)
		require.NoError(t, err)
		assert.Equal(t, s.History.Digest(), again.History.Digest())
	})
}

// TestReadDay reads a day in each form that a person in Great Britain writes.
func TestReadDay(t *testing.T) {
	for text, want := range map[string]struct{ day, note string }{
		"2023-04-27":       {"2023-04-27", ""},
		"20230427":         {"2023-04-27", ""},
		"27/04/2023":       {"2023-04-27", ""},
		"27.4.2023":        {"2023-04-27", ""},
		"27-04-2023":       {"2023-04-27", ""},
		"27 April 2023":    {"2023-04-27", ""},
		"27th Apr 2023":    {"2023-04-27", ""},
		" 27-Apr-23 ":      {"2023-04-27", ""},
		"03/03/2023":       {"2023-03-03", ""},
		"2023-04-03":       {"2023-04-03", ""},
		"03/04/2023":       {"2023-04-03", "03/04/2023 is read as 3 April 2023, the day first"},
		"12.11.2023":       {"2023-11-12", "12.11.2023 is read as 12 November 2023, the day first"},
		"13/12/2023":       {"2023-12-13", ""},
		"2023-04-27T12:00": {"2023-04-27", ""},
	} {
		day, note, err := remarks.ReadDay(text)
		require.NoError(t, err, text)
		assert.Equal(t, want.day, day.String(), text)
		assert.Equal(t, want.note, note, text)
	}
	for _, text := range []string{"", " ", "04/27/2023", "31/04/2023", "29/02/2023", "27/04/23", "45000", "tomorrow", "April 2023"} {
		day, _, err := remarks.ReadDay(text)
		assert.Error(t, err, text)
		assert.False(t, day.Valid(), text)
	}
}
