package ivp

// Reading is what one reading of the record says of a version on a day: the
// record with some of the amendments in doubt and without the others.
type Reading struct {
	Spec    Spec
	With    []string // amendments in doubt that are taken to have stood
	Without []string // amendments in doubt that are taken not to have stood
	Finding Finding
}

// Readings returns the readings behind the findings of an installation: those
// of its TS version, then those of its GBCS version, where they are asked. A
// version on which no amendment is in doubt has one reading.
func (c Checker) Readings(i Installation) []Reading {
	if unasked(i) != 0 {
		return nil
	}
	readings := c.readingsOf(i.Spec, i.Scope, i.On)
	if i.GBCS.Family == GBCS && !i.GBCS.NoGBCS() {
		readings = append(readings, c.readingsOf(i.GBCS, "", i.On)...)
	}
	return readings
}

func (c *Checker) readingsOf(spec Spec, scope string, on Date) []Reading {
	s, ok := c.History.record().standings[spec]
	if !ok {
		return []Reading{{Spec: spec, Finding: c.judge(spec, scope, on)}}
	}
	seg := s.timeline(scope).at(c.asAt(on))
	readings := make([]Reading, len(seg.readings))
	for choice := range seg.readings {
		r := Reading{Spec: spec, Finding: seg.readings[choice].judge(on, c)}
		r.With, r.Without = seg.chosen(choice)
		readings[choice] = r
	}
	return readings
}

// chosen names the amendments in doubt that a choice takes and leaves.
func (s *segment) chosen(choice int) (with, without []string) {
	for i, id := range s.doubtful {
		if choice>>i&1 == 1 {
			with = append(with, id)
		} else {
			without = append(without, id)
		}
	}
	return with, without
}
