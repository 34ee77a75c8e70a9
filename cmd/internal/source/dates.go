package source

import (
	"errors"
	"fmt"

	"github.com/mp196/ivp/cmd/internal/exit"
	"github.com/mp196/ivp/devices"
)

// settleDates decides how the input's dates are written, and has them read so now
// and whenever the input is opened again.
func (in *Input) settleDates() error {
	format, note, err := in.reader.DecideDates(in.surveyDates)
	var contradiction *devices.DateOrderError
	if errors.As(err, &contradiction) {
		err = exit.With(exit.Usage, err)
	}
	if err != nil {
		return err
	}
	in.dateNote, in.settled = note, true
	in.options.Reader.Columns.Dates = &format
	in.reader.SetDates(format)
	return nil
}

// surveyDates looks at the whole column. A file is read once and opened again;
// what cannot be read twice is kept in a spool.
func (in *Input) surveyDates() (*devices.DateOrder, error) {
	if in.work != nil {
		order, err := in.reader.SurveyDates(nil)
		if err != nil {
			return nil, readingFailed(err)
		}
		return order, in.startWorkbook()
	}
	if in.again() {
		order, err := in.reader.SurveyDates(nil)
		if err != nil {
			return nil, readingFailed(err)
		}
		in.settled = true // for the time of opening it again
		err = in.reopen()
		return order, err
	}
	in.options.say(fmt.Sprintf("%s: not all of its first dates are YYYY-MM-DD, so the whole of it is kept in a temporary file first, to see in which order day and month stand; --date-format saves that", in.Name))
	keep, err := devices.NewSpool()
	if err != nil {
		return nil, exit.With(exit.IO, err)
	}
	in.closers = append(in.closers, keep)
	order, err := in.reader.SurveyDates(keep)
	var spooling *devices.WriteError
	if errors.As(err, &spooling) {
		return nil, exit.With(exit.IO, fmt.Errorf("could not keep %s in a temporary file: %w", in.Name, err))
	}
	return order, readingFailed(err)
}

func readingFailed(err error) error {
	if err == nil {
		return nil
	}
	return exit.With(exit.IO, fmt.Errorf("could not read the input: %w", err))
}
