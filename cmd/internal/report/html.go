package report

import "io"

func newHTML(w io.Writer, options Options) Sink { return newJSON(w, options) }
