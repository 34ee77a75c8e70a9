// Package cpl reads the Central Products List as SECAS issues it, and finds the
// versions of a device model. It reads rows of the CSV or of one of the
// workbook's tabs, which have the same content. The identifiers on the list are
// hexadecimal, and their leading zeros count: 00 is not 0. A spreadsheet that
// opens and saves the list damages them. Each damaged cell is reported with its
// line, and a damaged row is never returned as an entry: see [List.Damage].
package cpl
