// Package scan splits delimited text into records. It knows bytes only: no
// device, no law, no heading.
//
// [Next] is the one record splitter of the project: a pure function over a
// buffer that begins where a record begins. [LastEnd] finds where the last
// whole record of such a buffer ends, and [Splitter] reads records from a
// stream. All three agree on every input.
//
// Quoting is that of RFC 4180 as encoding/csv reads it, strictly, except that
// spaces and tabs may stand around a cell in quotes, which they are no part of; a
// [Dialect] may have none. "\n" and "\r\n" end a record, and a "\r" the last one; any
// other "\r", a NUL and invalid UTF-8 are data. End marks (Ctrl-Z) that end the
// input are a record of their own. A blank
// line is a record of its own, without cells. A malformed record yields its
// first line alone, and the lines after it are judged anew, so that the bytes
// of all records put together are always the input again.
package scan
