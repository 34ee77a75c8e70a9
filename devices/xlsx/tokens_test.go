package xlsx

import (
	"bytes"
	"encoding/xml"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
)

// told is what a token says, in one form for both readers.
type told struct{ kind, name, text string }

// ourTokens reads all tokens; texts that follow each other are one.
func ourTokens(r io.Reader) (all []told, err error) {
	tokens := newTokens(r)
	for {
		token, err := tokens.next()
		if err == io.EOF {
			return all, nil
		}
		if err != nil {
			return all, err
		}
		switch token.kind {
		case startTag:
			text := ""
			for _, a := range token.attrs {
				text += string(a.name) + "=" + string(a.value) + "|"
			}
			all = append(all, told{"start", string(token.name), text})
			if token.closed {
				all = append(all, told{"end", string(token.name), ""})
			}
		case endTag:
			all = append(all, told{"end", string(token.name), ""})
		case charData:
			all = addText(all, string(token.text))
		}
	}
}

func addText(all []told, text string) []told {
	if n := len(all); n > 0 && all[n-1].kind == "text" {
		all[n-1].text += text
		return all
	}
	if text == "" {
		return all
	}
	return append(all, told{"text", "", text})
}

func written(name xml.Name) string {
	if name.Space == "" {
		return name.Local
	}
	return name.Space + ":" + name.Local
}

func theirTokens(text []byte) (all []told, err error) {
	decoder := xml.NewDecoder(bytes.NewReader(bytes.TrimPrefix(text, []byte("\ufeff"))))
	decoder.CharsetReader = onlyUTF8
	for {
		token, err := decoder.RawToken()
		if err == io.EOF {
			return all, nil
		}
		if err != nil {
			return all, err
		}
		switch token := token.(type) {
		case xml.StartElement:
			text := ""
			for _, a := range token.Attr {
				text += written(a.Name) + "=" + a.Value + "|"
			}
			all = append(all, told{"start", written(token.Name), text})
		case xml.EndElement:
			all = append(all, told{"end", written(token.Name), ""})
		case xml.CharData:
			all = addText(all, string(token))
		}
	}
}

var tokenSeeds = []string{
	`<?xml version="1.0" encoding="UTF-8"?>` + "\n" + `<a b="c&amp;d" e='>'><x:f/><!-- a > b --> t &lt;&#65;&#x42; <![CDATA[<&]]></a>`,
	"<a>\r\nb\rc</a>", "\ufeff<a/>", `<a b = "1"  c="2" ></a >`, `<a b="1"c="2"/>`, `<a b=1/>`, `<a`, `</`, `<a>]]></a>`, `<b:é/>`,
}

// FuzzTokens holds the tokens against those of encoding/xml: what is read
// without an error reads the same there.
func FuzzTokens(f *testing.F) {
	for _, seed := range tokenSeeds {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		got, err := ourTokens(bytes.NewReader(text))
		bytewise, bytewiseErr := ourTokens(iotest.OneByteReader(bytes.NewReader(text)))
		assert.Equal(t, err != nil, bytewiseErr != nil, "whatever the reads bring")
		if err != nil {
			return
		}
		assert.Equal(t, got, bytewise)
		want, err := theirTokens(text)
		if err != nil {
			t.Skip("stricter than we are; FuzzRows holds that no workbook gains by it")
		}
		assert.Equal(t, want, got)
	})
}

func TestTokensOfALongText(t *testing.T) {
	long := strings.Repeat("é&amp;", 200_000)
	got, err := ourTokens(strings.NewReader("<a>" + long + "</a>"))
	assert.NoError(t, err)
	assert.Equal(t, strings.Repeat("é&", 200_000), got[1].text)
	_, err = ourTokens(strings.NewReader("<a>" + strings.Repeat("x", mostToken+(4<<20))))
	assert.ErrorIs(t, err, errLongToken)
	_, err = ourTokens(iotest.TimeoutReader(iotest.OneByteReader(strings.NewReader("<a>b</a>"))))
	assert.ErrorIs(t, err, iotest.ErrTimeout)
}
