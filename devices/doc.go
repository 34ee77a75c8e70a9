// Package devices checks inventories of smart metering devices: it reads them,
// judges every device by the rules of package [ivp], and writes them back with the
// answers added.
//
//	judge := devices.Judge{Checker: ivp.Checker{History: ivp.Published()}}
//	summary, err := devices.CheckCSV(ctx, os.Stdout, file, devices.CheckOptions{Judge: judge})
//
// # Where to begin
//
//   - [CheckCSV] checks an inventory from a stream to a stream. It is all that most
//     programs need.
//   - [Judge] is the rules and the terms of the question. [Judge.Device] judges one
//     [Device], and [Judge.Periods] gives its answers on all installation days.
//   - [Result] is the answer for a device, with its explanation and its JSON shape.
//   - [NewReader] finds the heading and the columns of an inventory. Its rows are read
//     one by one with [Reader.Read], or in bulk with [Bulk].
//   - [Bulk] takes several inputs to several outputs, compares the rules before and
//     after a change, and hands over rows or counts.
//   - [ParseTSVersion], [ParseGBCSVersion], [ParseDeviceType] and [ReadDate] read
//     single cells, for a program that has rows of its own.
//
// # The inventory format
//
// An inventory is CSV in UTF-8, with or without a byte order mark. The delimiter is a
// comma, semicolon, tab or bar, as the heading or a first line such as "sep=;" shows.
// Quotes are those of RFC 4180, lines end in LF, CRLF or CR.
//
// The heading is the first of the first 30 rows that names the version and one more
// [Field]. Headings are compared with [SameHeading] to the names and aliases of the
// fields ([Field.Aliases]), and never by similarity. Required are the version and the
// installation date. The device type, the GBCS version and the scope are judged if
// they have a column. Two columns for a judged field are an error.
//
// A row is one device. A malformed row, or one of another width than the heading, is
// undetermined with the reason bad-row; a row of empty cells, or one that only gives a
// total, is not judged. Cells are read as follows; what cannot be read makes the
// device undetermined:
//
//   - A version is written "SMETS2 v4.2" or similar. A bare "4.2" takes its family from
//     the device type. A whole number such as "2" is bad-version, because it may be the
//     generation.
//   - A device type is a DUIS code, a name on the Central Products List, or one of
//     [TypeSpellings].
//   - "NONE", "N/A" and "-" are blank in the columns of versions and types.
//   - A date is 2023-04-27, 20230427, 27/04/2023, 27.04.2023, 27 Apr 2023 or 27th April
//     2023. The order of day and month is decided from the whole column, and is
//     day-first if both orders fit. A time with a zone is the day in Great Britain at
//     that moment.
//
// Every row is written as it was read, in its order, with the columns of
// [AddedColumns] to the right.
//
// # Stability
//
// Until version 1 of this module, names and signatures may change. An importer may
// rely on the names, the order and the meaning of the added columns, and on the JSON
// keys of [Wire]. Columns and keys may be added at the end.
package devices
