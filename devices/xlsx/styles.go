package xlsx

import "strconv"

// stylesXML is what is wanted of a workbook's styles.
type stylesXML struct {
	Formats []struct {
		ID   string `xml:"numFmtId,attr"`
		Code string `xml:"formatCode,attr"`
	} `xml:"numFmts>numFmt"`
	Cells []struct {
		Format string `xml:"numFmtId,attr"`
	} `xml:"cellXfs>xf"`
}

// cellStyle is what is wanted of a style that cells can have.
type cellStyle struct {
	format  *Format // nil is General
	day     bool    // whether it shows a number as a day
	damaged bool
}

// readStyles returns the styles that cells can have. A workbook may have none:
// the part is then "".
func readStyles(all parts, part string) ([]cellStyle, error) {
	if part == "" {
		return nil, nil
	}
	var xml stylesXML
	if err := all.decode(part, &xml); err != nil {
		return nil, err
	}
	known := map[string]cellStyle{"": {}, "0": {}}
	for _, f := range xml.Formats {
		if id, err := strconv.Atoi(f.ID); err == nil {
			format := &Format{id, f.Code}
			known[f.ID] = cellStyle{format: format, day: format.ShowsDay()}
		}
	}
	styles := make([]cellStyle, len(xml.Cells))
	for i, c := range xml.Cells {
		if _, ok := known[c.Format]; !ok {
			id, err := strconv.Atoi(c.Format)
			format := &Format{ID: id}
			known[c.Format] = cellStyle{format, format.ShowsDay(), err != nil || id < 0}
		}
		styles[i] = known[c.Format]
	}
	return styles, nil
}
