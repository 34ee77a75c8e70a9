package xlsx

import (
	"bytes"
	"strconv"
	"unicode/utf8"
)

// plain reads a token that is whole in the buffer, and has only ASCII names and no
// references except in texts. Otherwise it returns noToken, and whether the token
// may be plain with more of the text.
func (e *elements) plain() (kind token, more bool) {
	data := e.in.data[e.in.pos:e.in.end]
	if len(data) < 2 {
		return noToken, true
	}
	if data[0] != '<' {
		n := bytes.IndexByte(data, '<')
		if n < 0 {
			return noToken, true
		}
		var ok bool
		if e.content, ok = e.plainText(data[:n]); !ok {
			return noToken, false
		}
		e.in.pos += n
		return textToken, false
	}
	if data[1] != '/' {
		n, more := e.plainTag(data)
		if n == 0 {
			return noToken, more
		}
		e.in.pos += n
		return startTag, false
	}
	if len(e.open.ends) == 0 {
		return noToken, false
	}
	name := e.open.last()
	n := len("</") + len(name)
	if len(data) <= n {
		return noToken, true
	}
	if !bytes.Equal(data[2:n], name) || data[n] != '>' {
		return noToken, false
	}
	e.in.pos += n + 1
	e.open.pop()
	return endTag, false
}

// classes of characters in XML.
const (
	nameStart = 1 << iota // begins a name
	nameByte              // continues a name
	blank
	plainByte // is itself in a text or a value
)

var classes = func() (classes [256]uint8) {
	for c := range classes {
		switch c := byte(c); {
		case 'A' <= c && c <= 'Z', 'a' <= c && c <= 'z', c == '_':
			classes[c] = nameStart | nameByte | plainByte
		case '0' <= c && c <= '9', c == '.', c == '-', c == ':':
			classes[c] = nameByte | plainByte
		case c == ' ', c == '\t', c == '\n':
			classes[c] = blank | plainByte
		case c == '\r': // which means a line feed in a text
			classes[c] = blank
		case c > ' ' && c < utf8.RuneSelf && c != '&' && c != '<' && c != ']':
			classes[c] = plainByte
		}
	}
	return classes
}()

// plainTag reads the start tag at the beginning of data, and pushes its name. It
// returns its length, or 0 if it is not plain.
func (e *elements) plainTag(data []byte) (length int, more bool) {
	i, ok := plainName(data, 1)
	if !ok {
		return 0, i == len(data)
	}
	qualified := data[1:i]
	e.tag.attrs = e.tag.attrs[:0]
	if _, e.tag.name, ok = split(qualified); !ok {
		return 0, false
	}
	for {
		if i = skipBlanks(data, i); i+1 >= len(data) {
			return 0, true
		}
		if data[i] == '>' || data[i] == '/' {
			break
		}
		name := i
		if i, ok = plainName(data, i); !ok {
			return 0, i == len(data)
		}
		var a attribute
		if a.prefix, a.name, ok = split(data[name:i]); !ok {
			return 0, false
		}
		if i = skipBlanks(data, i); i == len(data) {
			return 0, true
		}
		if data[i] != '=' {
			return 0, false
		}
		if i = skipBlanks(data, i+1); i == len(data) {
			return 0, true
		}
		quote := data[i]
		if quote != '"' && quote != '\'' {
			return 0, false
		}
		i++
		value := i
		for i < len(data) && data[i] != quote {
			if classes[data[i]]&plainByte == 0 {
				return 0, false
			}
			i++
		}
		if i == len(data) {
			return 0, true
		}
		a.value = data[value:i]
		i++
		e.tag.attrs = append(e.tag.attrs, a)
	}
	if data[i] == '/' {
		if i++; data[i] != '>' {
			return 0, false
		}
		e.closing = true
	}
	e.open.push(qualified)
	return i + 1, false
}

// plainName returns the end of the name that begins at from. ok is false if there is
// no name, or one that is not of ASCII, or if data ends in it.
func plainName(data []byte, from int) (end int, ok bool) {
	if from == len(data) || classes[data[from]]&nameStart == 0 {
		return from, false
	}
	end = from + 1
	for end < len(data) && classes[data[end]]&nameByte != 0 {
		end++
	}
	return end, end < len(data) && data[end] < utf8.RuneSelf
}

func skipBlanks(data []byte, i int) int {
	for i < len(data) && classes[data[i]]&blank != 0 {
		i++
	}
	return i
}

// split separates the prefix from a name. ok is false if it has several colons, or
// one at its end.
func split(qualified []byte) (prefix, name []byte, ok bool) {
	i := bytes.IndexByte(qualified, ':')
	if i < 0 {
		return nil, qualified, true
	}
	prefix, name = qualified[:i], qualified[i+1:]
	return prefix, name, len(name) > 0 && bytes.IndexByte(name, ':') < 0
}

// plainText returns the characters that a text means. ok is false if it has a carriage
// return, a character that XML does not allow, or a reference that is not plain.
func (e *elements) plainText(text []byte) (meaning []byte, ok bool) {
	i := 0
	for i < len(text) && classes[text[i]]&plainByte != 0 {
		i++
	}
	if i == len(text) {
		return text, true
	}
	if bytes.Contains(text, []byte("]]>")) {
		return nil, false
	}
	e.buffer = append(e.buffer[:0], text[:i]...)
	for i < len(text) {
		switch c := text[i]; {
		case classes[c]&plainByte != 0, c == ']':
			e.buffer = append(e.buffer, c)
			i++
		case c == '&':
			r, n := reference(text[i:])
			if n == 0 {
				return nil, false
			}
			e.buffer = utf8.AppendRune(e.buffer, r)
			i += n
		default:
			r, n := utf8.DecodeRune(text[i:])
			if r < utf8.RuneSelf || r == utf8.RuneError || r == 0xfffe || r == 0xffff {
				return nil, false
			}
			e.buffer = append(e.buffer, text[i:i+n]...)
			i += n
		}
	}
	return e.buffer, true
}

// references are the characters with a name.
var references = map[string]rune{"amp": '&', "lt": '<', "gt": '>', "quot": '"', "apos": '\''}

// reference returns the character that the reference at the beginning of text means,
// and its length, or 0 if it is not plain.
func reference(text []byte) (r rune, length int) {
	const longest = len("&#x10ffff;")
	end := bytes.IndexByte(text[:min(len(text), longest)], ';')
	if end < 2 {
		return 0, 0
	}
	name := text[1:end]
	if name[0] != '#' {
		r, known := references[string(name)]
		if !known {
			return 0, 0
		}
		return r, end + 1
	}
	digits, base := name[1:], 10
	if len(digits) > 0 && digits[0] == 'x' {
		digits, base = digits[1:], 16
	}
	n, err := strconv.ParseUint(string(digits), base, 16)
	if err != nil || n < ' ' && n != '\t' && n != '\n' && n != '\r' || n >= 0xd800 {
		return 0, 0
	}
	return rune(n), end + 1
}
