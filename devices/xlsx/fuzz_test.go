package xlsx

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// FuzzRows reads any bytes as a sheet. If there is no error, encoding/xml must
// accept the bytes too, and the rows must be in order.
func FuzzRows(f *testing.F) {
	for _, rows := range []string{
		``,
		`<row r="3"><c r="B3" t="s"><v>1</v></c><c s="1"><v>45043.5</v></c></row><row><c t="b"><v>1</v></c></row>`,
		`<row><c t="inlineStr"><is><r><t>a_x000D_</t></r><rPh><t>b</t></rPh></is></c></row>`,
		`<row><c t="str"><f>A1</f><v><![CDATA[<]]>&amp;<!-- c --></v></c><c t="e"><v>#N/A</v></c><c t="d"><v>2023-04-27</v></c></row>`,
		`<x:row r="9"><x:c r="ZZ9"><x:v>1E5</x:v></x:c></x:row>`,
		`<row r="1"><c r="A1"></row>`,
	} {
		f.Add([]byte(worksheet(rows)))
	}
	f.Add([]byte("<?0?><worksheet><sheetData></sheetData></worksheet>"))
	f.Fuzz(func(t *testing.T, sheet []byte) {
		book := open(t, archive(t, map[string]string{"xl/worksheets/sheet1.xml": string(sheet)}))
		last := 0
		tab, err := book.Sheet("Tab")
		assert.NoError(t, err)
		for row, err := range tab.Rows() {
			if err != nil {
				assert.ErrorContains(t, err, `tab "Tab"`)
				return
			}
			if row.Number <= last || row.Number > lastRow || len(row.Cells) > lastColumn {
				t.Fatalf("row %d of %d cells after row %d", row.Number, len(row.Cells), last)
			}
			last = row.Number
		}
		decoder := newDecoder(bytes.NewReader(sheet))
		for {
			if _, err := decoder.Token(); err != nil {
				assert.Equal(t, io.EOF, err, "malformed, and no word of it")
				return
			}
		}
	})
}

// FuzzTokens reads any bytes as XML: the tokens are those of encoding/xml, and so is the
// first that is malformed. The bytes come in pieces, so that tokens are cut everywhere.
func FuzzTokens(f *testing.F) {
	for _, text := range []string{
		worksheet(`<row r="3" spans='1:2' ><c r="B3" t="s"/><c/ ></row>`),
		`<a:b xmlns:a="x" c:d="1"e="2" f = '"'>&lt;&amp;&#60;&#x3C;&#xD800;&#55357;&nbsp;&quot</a:b >`,
		"<a>]]&gt;]]x\r\ny</a><b c=\"]]>\">]]></b>", "<a b=\"&lt;\u00e9\" \u00e9='1'>\u00e9\ufffd\uffff</a>", "<a>\xff</a>",
		`<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a [<!ENTITY b "c">]><a><!-- - --><![CDATA[<]]]]>&b;</a>`,
		`<a b=c d></a>`, `<:a/><a:/><a:b:c/><-/><1/>`, `<a b="<"/>`, "<a b='1' b='2'\x00/>", "</a>", "<", "<a", "<a/", "text", "<a>&#1;&#13;&#x10FFFF;&#x110000;&#;&;</a>",
	} {
		f.Add([]byte(text), uint8(1))
		f.Add([]byte(text), uint8(200))
	}
	f.Fuzz(func(t *testing.T, text []byte, piece uint8) {
		if head := string(text[:min(2, len(text))]); head == "\xff\xfe" || head == "\xfe\xff" || strings.Contains(head, "\x00") {
			return // UTF-16
		}
		e := newElements(&pieces{text, int(piece) + 1})
		decoder := newDecoder(bytes.NewReader(text))
		for {
			kind, err := e.next()
			want, wantErr := decoder.RawToken()
			switch {
			case wantErr == io.EOF && kind == noToken:
				return // elements also has an error for elements that are open
			case wantErr != nil:
				require.Error(t, err, "want %v", wantErr)
				if syntax := (*xml.SyntaxError)(nil); errors.As(wantErr, &syntax) && syntax.Msg != "unexpected EOF" {
					require.ErrorContains(t, err, syntax.Msg)
				}
				return
			}
			tokenEqual(t, want, kind, e)
			if err != nil { // of nesting, which RawToken does not check
				require.Contains(t, []token{startTag, endTag}, kind)
				return
			}
		}
	})
}

// tokenEqual compares the token that e has read with that of encoding/xml.
func tokenEqual(t *testing.T, want xml.Token, kind token, e *elements) {
	switch want := want.(type) {
	case xml.StartElement:
		require.Equal(t, startTag, kind, "want %v", want)
		require.Equal(t, want.Name.Local, string(e.tag.name))
		require.Equal(t, string(qualified(want.Name)), string(e.open.last()))
		attrs := []xml.Attr{}
		for _, a := range e.tag.attrs {
			attrs = append(attrs, xml.Attr{Name: xml.Name{Space: string(a.prefix), Local: string(a.name)}, Value: string(a.value)})
		}
		require.Equal(t, want.Attr, attrs)
	case xml.EndElement:
		require.Equal(t, endTag, kind, "want %v", want)
	case xml.CharData:
		require.Equal(t, textToken, kind, "want %q", want)
		require.Equal(t, string(want), string(e.content))
	default:
		require.Equal(t, otherToken, kind, "want %T", want)
	}
}

// pieces gives at most size bytes at a time.
type pieces struct {
	rest []byte
	size int
}

func (p *pieces) Read(to []byte) (int, error) {
	if len(p.rest) == 0 {
		return 0, io.EOF
	}
	n := copy(to[:min(len(to), p.size)], p.rest)
	p.rest = p.rest[n:]
	return n, nil
}

// FuzzSharedTexts reads any bytes as the shared texts.
func FuzzSharedTexts(f *testing.F) {
	f.Add([]byte(handmade["xl/sharedStrings.xml"]))
	f.Add([]byte(`<sst><si><r><t>_x0041_</t></r></si><si/></sst>`))
	f.Fuzz(func(t *testing.T, part []byte) {
		texts, err := parseSharedStrings(newElements(bytes.NewReader(part)), anyShared)
		if err != nil {
			return
		}
		total := 0
		for i := range texts.ends {
			total += len(texts.at(i))
		}
		assert.Equal(t, len(strings.Join(texts.blocks, "")), total)
	})
}
