package report

import "io"

func newWorkbook(w io.Writer, options Options) Sink { return newJSON(w, options) }
