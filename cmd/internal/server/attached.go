package server

import (
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strings"

	"github.com/mp196/ivp/cmd/internal/input"
	"github.com/mp196/ivp/devices/cpl"
	"github.com/mp196/ivp/ivp"
)

// attached is what a request has besides its query: the content, and the amendments
// and the Central Products List that a form brings for this request alone. Nothing of
// it is kept after the answer.
type attached struct {
	checker ivp.Checker
	list    *cpl.List
	own     bool   // whether the request has amendments or a list
	name    string // the name of the content's file, if it is known
	content io.Reader
}

// attachments reads the request. If it is a form, its fields are the amendments to add
// to the rules, "amend", each a file; a Central Products List, "list"; and, as the
// last, the content, under the given name, which is read later. The first two are
// limited together as a request is that is not an inventory. content may be "", for a
// request that has none.
func (s *Server) attachments(r *http.Request, content string) (a attached, err error) {
	a.checker, a.content = s.config.Checker, r.Body
	if mediaType(r) != multipartForm {
		return a, nil
	}
	form, err := r.MultipartReader()
	if err != nil {
		return a, badRequest(err.Error())
	}
	left := s.config.Limits.Body
	for n := 0; ; {
		part, err := form.NextPart()
		switch {
		case err == io.EOF && content == "":
			return a, nil
		case err == io.EOF:
			return a, badRequest(fmt.Sprintf("the form has no field %q: send it as the last", content))
		case err != nil:
			return a, fmt.Errorf("the form cannot be read: %w", err)
		}
		name := part.FormName()
		if name == content {
			a.name, a.content = part.FileName(), &lastPart{form, part}
			return a, nil
		}
		text, err := io.ReadAll(io.LimitReader(part, left+1))
		if err != nil {
			return a, fmt.Errorf("the form cannot be read: %w", err)
		}
		if left -= int64(len(text)); left < 0 {
			return a, newProblem(http.StatusRequestEntityTooLarge, fmt.Sprintf("the amendments and the list have together more than %d MiB, the most that is read", s.config.Limits.Body>>20))
		}
		switch name {
		case "amend":
			n++
			if a.checker.History, err = a.checker.History.AmendFile(text); err != nil {
				return a, fmt.Errorf("amend: file %d cannot be added to the rules:\n%w", n, err)
			}
		case "list":
			if a.list != nil {
				return a, badRequest("list: given twice: give one Central Products List")
			}
			if a.list, err = input.ReadCatalogue(part.FileName(), text); err != nil {
				return a, fmt.Errorf("list: %w", err)
			}
		default:
			return a, badRequest(fmt.Sprintf("%s, or a form with the fields %s; this one has the field %.100q", notWanted[content], strings.TrimSuffix("amend, list, "+content, ", "), name))
		}
		a.own = true
	}
}

// notWanted says what a form is instead of the content.
var notWanted = map[string]string{
	"":          "this is a form upload (" + multipartForm + "), where none was expected: send no body",
	"devices":   "this is a form upload (" + multipartForm + "), which is not read here: " + sendDevices,
	"inventory": "this is a form upload (" + multipartForm + "), where the text of an inventory was expected: " + sendCSV + ", without a form around it",
}

// lastPart reads a part of a form, after which there must be none.
type lastPart struct {
	form *multipart.Reader
	part io.Reader
}

func (l *lastPart) Read(p []byte) (int, error) {
	n, err := l.part.Read(p)
	if err != io.EOF {
		return n, err
	}
	switch _, more := l.form.NextPart(); {
	case more == nil:
		err = errors.New("the form has a field after its content: send the content as the last")
	case more != io.EOF:
		err = more
	}
	return n, err
}
