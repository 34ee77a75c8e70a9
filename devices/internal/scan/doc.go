// Package scan splits delimited text into records. It knows bytes only: no
// device, no law, no heading.
//
// [Next] is the one record splitter of the project: a pure function over a
// buffer that begins where a record begins. [LastEnd] finds where the last
// whole record of such a buffer ends, and [Splitter] reads records from a
// stream. All three agree on every input.
//
// Quoting is that of RFC 4180 as encoding/csv reads it, strictly. "\n" and
// "\r\n" end a record; a "\r" alone, a NUL and invalid UTF-8 are data. A blank
// line is a record of its own, without cells. A malformed record yields its
// first line alone, and the lines after it are judged anew, so that the bytes
// of all records put together are always the input again.
package scan
