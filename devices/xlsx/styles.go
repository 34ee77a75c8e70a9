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

// readStyles returns of each style that cells can have whether it shows a number
// as a day. A workbook may have no styles: the part is then "".
func readStyles(all parts, part string) ([]bool, error) {
	if part == "" {
		return nil, nil
	}
	var styles stylesXML
	if err := all.decode(part, &styles); err != nil {
		return nil, err
	}
	own := map[int]bool{}
	for _, f := range styles.Formats {
		own[f.ID] = showsDay(f.Code)
	}
	days := make([]bool, len(styles.Cells))
	for i, c := range styles.Cells {
		day, ok := own[c.Format]
		days[i] = ok && day || !ok && builtinShowsDay(c.Format)
	}
	return days, nil
}
