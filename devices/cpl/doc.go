// Package cpl reads the Central Products List as SECAS issues it, and answers
// which versions a device model holds. It reads rows, not files: of the CSV or
// of one of the workbook's tabs, which say the same.
//
// The identifiers on the list are hexadecimal, and their leading zeros count:
// 00 is not 0. A spreadsheet that opens and saves the list spoils them. What it
// spoilt is named, each cell with its line, and such a row is never offered as
// if it were sound: see [List.Damage].
package cpl
