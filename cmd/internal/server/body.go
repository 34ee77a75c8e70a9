package server

import (
	"bufio"
	"bytes"
	"io"
	"mime"
	"net/http"
	"regexp"
)

// The media types of forms. Many clients send the second for any body, curl with -d
// and --data-binary among them.
const (
	multipartForm = "multipart/form-data"
	encodedForm   = "application/x-www-form-urlencoded"
)

// How to send a body that is not a form.
const (
	sendDevices = `send JSON as the body, such as {"spec": "SMETS2 v4.2", "install_date": "2022-06-01"}, or an array of such devices; an inventory in CSV goes to POST /v1/check.csv`
	sendTable   = `send JSON as the body, such as {"file": "the text of an amendment file"}`
	sendCSV     = "send the text of the file itself as the body (with curl: --data-binary @FILE)"
)

// formField matches the beginning of an encoded form.
var formField = regexp.MustCompile(`^[\w.%+-]+=`)

// mediaType returns the media type of a request's body, without parameters; "" if it
// has none or a malformed one.
func mediaType(r *http.Request) string {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		return ""
	}
	return kind
}

// jsonBody returns the content of a request in JSON, its body or a field of a form. It
// returns an error, with what to send, if the content is a form, or text that may be CSV.
func jsonBody(r *http.Request, content io.Reader, send string) (io.Reader, error) {
	kind := mediaType(r)
	if kind == multipartForm && content == io.Reader(r.Body) {
		return nil, badRequest("this is a form upload (" + multipartForm + "), which is not read here: " + send)
	}
	body := bufio.NewReader(content)
	body.Peek(1) // its error comes again when the body is read
	head, _ := body.Peek(body.Buffered())
	head = bytes.TrimLeft(head, " \t\r\n")
	switch {
	case len(head) == 0 || bytes.ContainsAny(head[:1], `{["`):
	case kind == encodedForm && formField.Match(head):
		return nil, badRequest("this is a form (" + encodedForm + "), which is not read here: " + send)
	case bytes.ContainsAny(head, ",;\t"):
		return nil, badRequest("this is not JSON, but may be CSV: " + send)
	}
	return body, nil
}

// mostOfLine is how many bytes of a body are searched for the end of its first line.
const mostOfLine = 64 << 10

// inventoryBody returns the content of a request for an inventory. It returns an error
// if that is an encoded form or JSON, or a file without its line breaks.
func inventoryBody(r *http.Request, content io.Reader) (io.Reader, error) {
	kind := mediaType(r)
	if kind != encodedForm {
		body := bufio.NewReader(content)
		body.Peek(2) // its error comes again when the body is read
		return body, jsonFault(body, kind)
	}
	size := int64(mostOfLine)
	if 0 <= r.ContentLength && r.ContentLength < size {
		size = r.ContentLength + 1 // a larger buffer would have room that is never used
	}
	body := bufio.NewReaderSize(content, int(size))
	head, complete := firstLine(body)
	if err := jsonFault(body, kind); err != nil || complete || len(bytes.TrimSpace(head)) == 0 {
		return body, err
	}
	if formField.Match(head) {
		return nil, badRequest("this is a form (" + encodedForm + "), where the text of an inventory was expected: " + sendCSV + ", without a form around it")
	}
	return nil, badRequest("this has no line breaks, as an inventory has between its rows; curl -d removes them: " + sendCSV)
}

// firstLine reads the beginning of a body into its buffer, and returns it. complete
// reports whether it has the end of the first line, or an error prevents that.
func firstLine(body *bufio.Reader) (head []byte, complete bool) {
	for {
		_, err := body.Peek(body.Buffered() + 1)
		head, _ = body.Peek(body.Buffered())
		if bytes.ContainsAny(head, "\r\n") {
			return head, true
		}
		if err != nil {
			return head, err != io.EOF && err != bufio.ErrBufferFull
		}
	}
}

// jsonFault returns an error if what is buffered of a body is the beginning of JSON.
func jsonFault(body *bufio.Reader, kind string) error {
	head, _ := body.Peek(body.Buffered())
	head = bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\ufeff")), " \t\r\n")
	if len(head) < 2 {
		return nil
	}
	object := head[0] == '{' && bytes.ContainsAny(head[1:2], "\" \t\r\n")
	array := head[0] == '[' && bytes.ContainsAny(head[1:2], "{[\"\r\n")
	text := head[0] == '"' && kind == "application/json" && !bytes.ContainsAny(head, "\r\n")
	if object || array || text {
		return badRequest("this is JSON, where the text of an inventory was expected: " + sendCSV + ", not inside JSON; devices in JSON go to POST /v1/check")
	}
	return nil
}
