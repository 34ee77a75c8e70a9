package xlsx

import (
	"encoding/xml"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
)

// tab is one of a workbook's tabs.
type tab struct {
	name  string
	part  string
	cells bool // false: a chart, a dialogue or old macros
	// hidden says that a spreadsheet does not show it.
	hidden bool
}

// mainPart is the part that lists the tabs, and what it refers to.
type mainPart struct {
	name      string
	relations []relation
}

// relation is one part's reference to another. Its kind is the last word of an
// address, of which there are two sets: transitional and strict.
type relation struct {
	ID     string `xml:"Id,attr"`
	Type   string `xml:"Type,attr"`
	Target string `xml:"Target,attr"`
}

func (r relation) kind() string { return path.Base(r.Type) }

// findWorkbook finds the part that lists the tabs.
func findWorkbook(all parts) (mainPart, error) {
	main := mainPart{name: "xl/workbook.xml"}
	first, err := relationsOf(all, "")
	if err != nil {
		return main, err
	}
	for _, r := range first {
		if r.kind() == "officeDocument" {
			main.name = target("", r.Target)
		}
	}
	if all.find(main.name) == nil || strings.HasSuffix(main.name, ".bin") { // .bin: an .xlsb
		return main, errFormat
	}
	main.relations, err = relationsOf(all, main.name)
	return main, err
}

// relationsOf returns what a part refers to, or the whole workbook where the
// part is "".
func relationsOf(all parts, part string) ([]relation, error) {
	folder, base := path.Split(part)
	name := folder + "_rels/" + base + ".rels"
	if all.find(name) == nil {
		return nil, nil
	}
	var list struct {
		Relations []relation `xml:"Relationship"`
	}
	err := all.decode(name, &list)
	return list.Relations, err
}

// target returns the name of the part that a reference means: relative to the
// folder of the part that refers, or from the top.
func target(from, to string) string {
	to = strings.ReplaceAll(to, `\`, "/")
	if !path.IsAbs(to) {
		to = path.Join(path.Dir("/"+from), to)
	}
	return strings.TrimPrefix(path.Clean(to), "/")
}

// find returns the name of the part of a kind that the workbook has once, or ""
// where it has none.
func (m mainPart) find(kind string) string {
	for _, r := range m.relations {
		if r.kind() == kind {
			return target(m.name, r.Target)
		}
	}
	return ""
}

// workbookXML is what is wanted of the part that lists the tabs.
type workbookXML struct {
	XMLName    xml.Name
	Properties struct {
		Date1904 string `xml:"date1904,attr"`
	} `xml:"workbookPr"`
	Sheets []struct {
		Name string     `xml:"name,attr"`
		Attr []xml.Attr `xml:",any,attr"`
	} `xml:"sheets>sheet"`
}

// readWorkbook returns the tabs, and whether days count from 1904.
func readWorkbook(all parts, main mainPart) ([]tab, bool, error) {
	var book workbookXML
	if err := all.decode(main.name, &book); err != nil {
		return nil, false, err
	}
	if book.XMLName.Local != "workbook" {
		return nil, false, errFormat
	}
	var tabs []tab
	for _, sheet := range book.Sheets {
		t, err := main.tab(sheet.Name, sheet.Attr)
		t.hidden = slices.ContainsFunc(sheet.Attr, func(a xml.Attr) bool { return a.Name.Local == "state" && a.Value != "visible" })
		if err != nil {
			return nil, false, fmt.Errorf("its part %s is damaged: tab %q: %w", main.name, sheet.Name, err)
		}
		tabs = append(tabs, t)
	}
	return tabs, isTrue(book.Properties.Date1904), nil
}

// tab follows a tab's reference to the part that holds its cells.
func (m mainPart) tab(name string, attributes []xml.Attr) (tab, error) {
	for _, a := range attributes {
		if a.Name.Local != "id" {
			continue
		}
		for _, r := range m.relations {
			if r.ID == a.Value {
				return tab{name: name, part: target(m.name, r.Target), cells: r.kind() == "worksheet"}, nil
			}
		}
		return tab{}, fmt.Errorf("it refers to %q, which is not there: open the workbook in a spreadsheet and save it afresh", a.Value)
	}
	return tab{}, errors.New("it refers to no sheet: open the workbook in a spreadsheet and save it afresh")
}

func isTrue(text string) bool { return text == "1" || text == "true" || text == "on" }
