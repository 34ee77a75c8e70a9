package devices

// DateFormat says how the dates of a column are written. ISO dates, such as
// 2023-04-27, are read in each of them, and so is a month that is named, as in
// 27 Apr 2023, in all but the first.
type DateFormat uint8

// The date formats. The zero value reads ISO dates alone.
const (
	ISODates   DateFormat = iota // YYYY-MM-DD
	DayFirst                     // DD/MM/YYYY, DD-MM-YYYY
	MonthFirst                   // MM/DD/YYYY, MM-DD-YYYY
)
