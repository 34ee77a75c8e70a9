package ivp

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestShippedFileIsCanonical(t *testing.T) {
	assert.Equal(t, string(tablesJSON), string(Published().AppendCanonical(nil)))
	assert.Equal(t, "kept"+string(tablesJSON), string(Published().AppendCanonical([]byte("kept"))))
	requireFixedPoint(t, Published())
}

func TestSoundFileIsCanonical(t *testing.T) {
	h, err := Parse([]byte(soundFile))
	require.NoError(t, err)
	assert.Equal(t, soundFile, string(h.AppendCanonical(nil)))
}

func TestCanonicalFormOfAnEmptyRecord(t *testing.T) {
	assert.Equal(t, "{\n  \"amendments\": []\n}\n", string(History{}.AppendCanonical(nil)))
	requireFixedPoint(t, History{})
}

// TestCanonicalForm checks that the form does not depend on key order, spaces and
// empty values, and that text is unchanged.
func TestCanonicalForm(t *testing.T) {
	h, err := Parse([]byte(`{"amendments":[{"pairs":[],"entries":[
		{"to":"open","unquoted":"a <test> & \"more\"","from":"2020-01-01","spec":"CHTS v1.3"},
		{"confirmed":"2022-01-01","to":"not-on-record","from":"not-on-record","spec":"SMETS2 v4.2","inferred":"x\\y"}],
		"citations":[{"quote":"“wörd”\u2028\u0041","document":"a letter"}],
		"note":"n","perhaps_from":"2019-06-01","in_force":"2020-01-01","title":"lists","id":"A"},
		{"id":"B","title":"removes","in_force":"2020-01-01","citations":[{"document":"another","url":"http://example.com"}],
		"entries":[{"remove":true,"inferred":"CHTS v1.3","spec":"CHTS v1.3"}],
		"pairs":[{"gbcs":"GBCS v3.2","spec":"CHTS v1.3","type":"CHF"}]}],"edition":"e"}`))
	require.NoError(t, err)
	assert.Equal(t, `{
  "edition": "e",
  "amendments": [
    {
      "id": "A",
      "title": "lists",
      "in_force": "2020-01-01",
      "perhaps_from": "2019-06-01",
      "note": "n",
      "citations": [
        {"document": "a letter", "quote": "“wörd”\u2028A"}
      ],
      "entries": [
        {"spec": "CHTS v1.3", "from": "2020-01-01", "to": "open", "unquoted": "a <test> & \"more\""},
        {"spec": "SMETS2 v4.2", "from": "not-on-record", "to": "not-on-record", "confirmed": "2022-01-01", "inferred": "x\\y"}
      ]
    },
    {
      "id": "B",
      "title": "removes",
      "in_force": "2020-01-01",
      "citations": [
        {"document": "another", "url": "http://example.com"}
      ],
      "entries": [
        {"spec": "CHTS v1.3", "remove": true, "inferred": "CHTS v1.3"}
      ],
      "pairs": [
        {"type": "CHF", "spec": "CHTS v1.3", "gbcs": "GBCS v3.2"}
      ]
    }
  ]
}
`, string(h.AppendCanonical(nil)))
	requireFixedPoint(t, h)
}

// requireFixedPoint checks that the canonical form of a history is read as the
// same history.
func requireFixedPoint(t require.TestingT, h History) {
	canonical := h.AppendCanonical(nil)
	again, err := Parse(canonical)
	require.NoError(t, err, "%s", canonical)
	require.Equal(t, string(canonical), string(again.AppendCanonical(nil)))
	require.Equal(t, h.Edition(), again.Edition())
	require.Equal(t, h.Digest(), again.Digest())
	require.Equal(t, h.record().specs, again.record().specs)
	require.Equal(t, h.record().versions, again.record().versions)
}

// TestAnyAmendedRecordIsAFixedPoint checks that a history with amendments added is
// complete in itself: Parse reads its canonical form.
func TestAnyAmendedRecordIsAFixedPoint(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h, err := Published().Amend(drawAmendment(t, Published(), "DRAWN"))
		if err != nil {
			t.Skip("the loader refuses it")
		}
		requireFixedPoint(t, h)
	})
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(soundFile))
	f.Add(amendmentFile(oneLiner("ACME-1", "2022-09-22", endsV42)))
	f.Add(amendmentFile(oneLiner("ACME-1", "2019-11-30", `"perhaps_from": "2019-11-01", "entries": [{"spec": "SMETS2 v4.2", "scope": "acme", "from": "not-on-record", "to": "open"}]`)))
	f.Add(amendmentFile(oneLiner("ACME-1", "2018-11-01", `"entries": [{"spec": "SMETS2 v3.1", "from": "not-on-record", "to": "not-on-record"}, {"spec": "SMETS2 v2.0", "remove": true}]`)))
	f.Add([]byte(`{"amendments": []}`))
	f.Add([]byte("{\"amendments\": [{\"id\": \"\xff\"}]}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if h, err := Parse(data); err == nil {
			requireFixedPoint(t, h)
		} else {
			require.IsType(t, Faults{}, err)
			require.NotEmpty(t, err.Error())
		}
		if h, err := Published().AmendFile(data); err == nil {
			requireFixedPoint(t, h)
		}
	})
}
