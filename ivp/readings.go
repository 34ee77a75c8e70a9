package ivp

// Reading is what one reading of the record says of a version on a day: the
// record with some of the amendments in doubt and without the others.
type Reading struct {
	Spec    Spec
	With    []string // amendments in doubt that are taken to be in force
	Without []string // amendments in doubt that are taken not to be
	Finding Finding
}

// Readings returns the readings behind the findings of an installation: those
// of its TS version, then those of the GBCS version that was judged. A version
// on which no amendment is in doubt has one reading, in each scope that may be
// the device's.
func (c Checker) Readings(i Installation) []Reading {
	if i.unjudgeable() != 0 {
		return nil
	}
	readings := c.readingsOf(i.Spec, i.Scope, i.On)
	if gbcs := c.judgeGBCS(i).Window.Spec; gbcs.Version != "" {
		readings = append(readings, c.readingsOf(gbcs, "", i.On)...)
	}
	return readings
}

func (c Checker) readingsOf(spec Spec, scope string, on Date) []Reading {
	s, ok := c.History.record().standings[spec]
	if !ok {
		return []Reading{{Spec: spec, Finding: c.judge(spec, scope, on)}}
	}
	asAt := c.asAt(on)
	lines := []timeline[reading]{s.general}
	if line, known := c.History.record().timelineOf(s, scope, asAt); known {
		lines[0] = line
	} else {
		for _, scoped := range s.scopes {
			if !scoped.from.After(asAt) {
				lines = append(lines, scoped.line)
			}
		}
	}
	var readings []Reading
	for _, line := range lines {
		seg := line.at(asAt)
		for choice := range seg.readings {
			r := Reading{Spec: spec, Finding: seg.readings[choice].judge(on, c)}
			r.With, r.Without = seg.chosen(choice)
			readings = append(readings, r)
		}
	}
	return readings
}
