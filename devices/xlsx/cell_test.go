package xlsx

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCells(t *testing.T) {
	for name, c := range map[string]struct {
		xml  string
		want cell
	}{
		"number":                  {`<c><v>5.0999999999999996</v></c>`, cell{Number, "5.0999999999999996"}},
		"number, type written":    {`<c t="n"><v>4.2E+1</v></c>`, cell{Number, "4.2E+1"}},
		"negative number":         {`<c><v>-0.5</v></c>`, cell{Number, "-0.5"}},
		"no number":               {`<c><v>abc</v></c>`, cell{Text, "abc"}},
		"no finite number":        {`<c><v>NaN</v></c>`, cell{Text, "NaN"}},
		"hexadecimal":             {`<c><v>0x10</v></c>`, cell{Text, "0x10"}},
		"too large a number":      {`<c><v>1E400</v></c>`, cell{Text, "1E400"}},
		"number as text":          {`<c t="str"><v>5</v></c>`, cell{Text, "5"}},
		"shared text":             {`<c t="s"><v>0</v></c>`, cell{Text, "nought"}},
		"shared text, spaces":     {`<c t="s"><v> 1 </v></c>`, cell{Text, "one"}},
		"shared text of none":     {`<c t="s"/>`, cell{}},
		"inline text":             {`<c t="inlineStr"><is><t xml:space="preserve"> 5 </t></is></c>`, cell{Text, " 5 "}},
		"inline text in runs":     {`<c t="inlineStr"><is><r><t>SM</t></r><r><rPr><b/></rPr><t>ETS</t></r><rPh sb="0" eb="1"><t>spoken</t></rPh><phoneticPr fontId="1"/></is></c>`, cell{Text, "SMETS"}},
		"inline text without":     {`<c t="inlineStr"><v>SMETS</v></c>`, cell{Text, "SMETS"}},
		"inline text, no type":    {`<c><is><t>5</t></is></c>`, cell{Text, "5"}},
		"inline text, empty":      {`<c t="inlineStr"><is><t></t></is></c>`, cell{}},
		"text of a formula":       {`<c t="str"><f>A2&amp;"x"</f><v>a &amp; b</v></c>`, cell{Text, "a & b"}},
		"empty text of a formula": {`<c t="str"><f>""</f><v></v></c>`, cell{}},
		"number of a formula":     {`<c><f>1+1</f><v>2</v></c>`, cell{Number, "2"}},
		"formula not worked out":  {`<c><f>1+1</f></c>`, cell{Kind: Pending}},
		"formula, empty value":    {`<c><f>1+1</f><v></v></c>`, cell{Kind: Pending}},
		"failed formula":          {`<c t="e"><f>1/0</f><v>#DIV/0!</v></c>`, cell{Failed, "#DIV/0!"}},
		"failed, no name":         {`<c t="e"><f>1/0</f></c>`, cell{Kind: Pending}},
		"true":                    {`<c t="b"><v>1</v></c>`, cell{Truth, "TRUE"}},
		"false in a word":         {`<c t="b"><v>false</v></c>`, cell{Truth, "FALSE"}},
		"neither":                 {`<c t="b"><v>2</v></c>`, cell{Text, "2"}},
		"written day":             {`<c t="d"><v>2023-04-27</v></c>`, cell{Day, "2023-04-27"}},
		"written day and time":    {`<c t="d" s="1"><v>2023-04-27T09:30:00</v></c>`, cell{Day, "2023-04-27 09:30:00"}},
		"no written day":          {`<c t="d"><v>27/04/2023</v></c>`, cell{Text, "27/04/2023"}},
		"shown as a day":          {`<c s="1"><v>45043</v></c>`, cell{Day, "2023-04-27"}},
		"shown as a day, not one": {`<c s="1"><v>-1</v></c>`, cell{Number, "-1"}},
		"shown as a day, text":    {`<c s="1" t="str"><v>45043</v></c>`, cell{Text, "45043"}},
		"of no style there is":    {`<c s="99"><v>45043</v></c>`, cell{Number, "45043"}},
		"escapes":                 {`<c t="inlineStr"><is><t>a_x000D_b_x005F_x000D_</t></is></c>`, cell{Text, "a\rb_x000D_"}},
		"escapes of a formula":    {`<c t="str"><v>a_x0009_b</v></c>`, cell{Text, "a\tb"}},
		"no escape over two runs": {`<c t="inlineStr"><is><r><t>_x00</t></r><r><t>0D_</t></r></is></c>`, cell{Text, "_x000D_"}},
		"lines":                   {"<c t=\"str\"><v>a\r\nb\nc&#13;&#10;d</v></c>", cell{Text, "a\nb\nc\r\nd"}},
		"entities":                {`<c t="str"><v>&lt;&#163;&#x1F600;&gt;</v></c>`, cell{Text, "<£😀>"}},
		"character data section":  {`<c t="str"><v>a<![CDATA[<5>]]>b</v></c>`, cell{Text, "a<5>b"}},
		"comment in a text":       {`<c t="str"><v>a<!-- b -->c</v></c>`, cell{Text, "ac"}},
	} {
		t.Run(name, func(t *testing.T) {
			rows, err := sheetRows(t, worksheet(`<row>`+c.xml+`</row>`))
			require.NoError(t, err)
			if c.want == (cell{}) {
				assert.Empty(t, rows)
				return
			}
			assert.Equal(t, []row{{1, []cell{c.want}}}, rows)
		})
	}
}

func TestSharedTexts(t *testing.T) {
	rows, err := rowsOf(open(t, archive(t, map[string]string{
		"xl/sharedStrings.xml": `<x:sst count="9" uniqueCount="99">` +
			`<x:si><x:t>plain</x:t></x:si>` +
			`<x:si/>` +
			`<x:si><x:t xml:space="preserve"> kept </x:t><x:rPh><x:t>spoken</x:t></x:rPh></x:si>` +
			`<x:si><x:r><x:t>two </x:t></x:r><x:r><x:rPr><x:b/></x:rPr><x:t>runs</x:t></x:r></x:si>` +
			`<x:extLst><x:si><x:t>no text</x:t></x:si></x:extLst>` +
			`<x:si><x:t>line_x000D_` + "\r\n" + `end</x:t></x:si></x:sst>`,
		"xl/worksheets/sheet1.xml": worksheet(`<row><c t="s"><v>4</v></c><c t="s"><v>3</v></c><c t="s"><v>2</v></c><c t="s"><v>1</v></c><c t="s"><v>0</v></c></row>`),
	})), "Tab")
	require.NoError(t, err)
	assert.Equal(t, []row{{1, []cell{{Text, "line\r\nend"}, {Text, "two runs"}, {Text, " kept "}, {}, {Text, "plain"}}}}, rows)
}

// TestSharedTextsOverBlocks tests texts that end at the end of a block, cross it,
// and fill several.
func TestSharedTextsOverBlocks(t *testing.T) {
	var part strings.Builder
	var want []string
	part.WriteString("<sst>")
	for i, length := range []int{sharedBlock - 1, 1, 0, sharedBlock, 3, sharedBlock - 2, 5 * sharedBlock / 2, 0, 7} {
		want = append(want, strings.Repeat(string(rune('a'+i)), length))
		part.WriteString("<si><t>" + want[i] + "</t></si>")
	}
	texts, err := parseSharedStrings(newElements(strings.NewReader(part.String()+"</sst>")), anyShared)
	require.NoError(t, err)
	for i := range want {
		assert.True(t, want[i] == texts.at(i), i)
	}
}

func TestDecimal(t *testing.T) {
	for text, want := range map[string]string{
		"5.0999999999999996": "5.1", "5": "5", "5.0": "5", "1.23E+15": "1230000000000000", "4.2E+1": "42", "-0.5": "-0.5", "1E-7": "0.0000001",
	} {
		assert.Equal(t, want, Cell{Kind: Number, Text: text}.Decimal())
		assert.Equal(t, text, Cell{Kind: Text, Text: text}.Decimal())
	}
	assert.Equal(t, "TRUE", Cell{Kind: Truth, Text: "TRUE"}.Decimal())
	assert.Empty(t, Cell{}.Decimal())
}

func TestUnescape(t *testing.T) {
	for text, want := range map[string]string{
		"":                               "",
		"plain_text":                     "plain_text",
		"_x0041_":                        "A",
		"a_x00e9_b":                      "aéb",
		"_x005F_x0041_":                  "_x0041_",
		"_x005f__x0041_":                 "_A",
		"_xD83D__xDE00_!":                "😀!",
		"_xD83D_ alone":                  "_xD83D_ alone",
		"_xDE00__xD83D_":                 "_xDE00__xD83D_",
		"_xD83D__x0041_":                 "_xD83D_A",
		"_x004_ _x00G1_ _X0041_ _x+041_": "_x004_ _x00G1_ _X0041_ _x+041_",
		"_x0041":                         "_x0041",
	} {
		assert.Equal(t, want, string(unescape([]byte(text))), text)
		for _, plain := range []string{text, want, text + text, "_x0041_x0042_x0043_"} {
			assert.Equal(t, plain, string(unescape([]byte(Escape(plain)))), plain)
		}
	}
}

func TestReferences(t *testing.T) {
	for text, want := range map[string][2]int{"A1": {1, 1}, "Z9": {26, 9}, "AA10": {27, 10}, "XFD1048576": {16384, 1048576}, "ab3": {28, 3}} {
		column, row, ok := parseReference(text)
		assert.True(t, ok, text)
		assert.Equal(t, want, [2]int{column, row}, text)
	}
	for _, column := range []int{1, 26, 27, 52, 702, 703, lastColumn} {
		got, row, ok := parseReference(Reference(column, 5))
		assert.True(t, ok)
		assert.Equal(t, [2]int{column, 5}, [2]int{got, row})
	}
	for _, text := range []string{"", "A", "1", "A0", "A01", "A-1", "A1048577", "XFE1", "AAAA1", "A1B", "Ä1", "A 1", "A99999999999999999999"} {
		_, _, ok := parseReference(text)
		assert.False(t, ok, text)
	}
}
