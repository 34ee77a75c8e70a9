package xlsx

// stylesXML is what is wanted of a workbook's styles.
type stylesXML struct {
	Formats []struct {
		ID   int    `xml:"numFmtId,attr"`
		Code string `xml:"formatCode,attr"`
	} `xml:"numFmts>numFmt"`
	Cells []struct {
		Format int `xml:"numFmtId,attr"`
	} `xml:"cellXfs>xf"`
}

// cellStyle is what is wanted of a style that cells can have.
type cellStyle struct {
	format *Format // nil is General
	day    bool    // whether it shows a number as a day
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
	known := map[int]cellStyle{0: {}}
	for _, f := range xml.Formats {
		known[f.ID] = cellStyle{&Format{f.ID, f.Code}, showsDay(f.Code)}
	}
	styles := make([]cellStyle, len(xml.Cells))
	for i, c := range xml.Cells {
		if _, ok := known[c.Format]; !ok {
			known[c.Format] = cellStyle{&Format{ID: c.Format}, builtinShowsDay(c.Format)}
		}
		styles[i] = known[c.Format]
	}
	return styles, nil
}
