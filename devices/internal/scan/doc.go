// Package scan splits delimited text into records. It works on bytes, and knows nothing
// about devices, rules or headings.
//
// [Next] is the only record splitter of the project: a pure function of a buffer that
// begins at the start of a record. [LastEnd] returns the end of the last complete record
// of such a buffer, and [Splitter] reads records from a stream. All three agree on every
// input.
//
// Quoting is that of RFC 4180, as encoding/csv reads it strictly, except that spaces and
// tabs around a cell in quotes are ignored. A [Dialect] may have no quoting. "\n" and
// "\r\n" end a record, and "\r" only the last one. Any other "\r", a NUL and invalid
// UTF-8 are data. End marks (Ctrl-Z) at the end of the input are a record of their own,
// and so is a blank line, without cells. Of a malformed record only the first line is
// returned, and the next line begins a new record, so that the bytes of all records are
// always the bytes of the input.
package scan
