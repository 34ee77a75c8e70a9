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
	// damaged says why its part is not known. Whether it holds cells is not known
	// then, so cells is true.
	damaged error
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

// findWorkbook finds the part that lists the tabs. Damaged relations of the whole
// workbook harm no one: the part is nearly always in the same place.
func findWorkbook(all parts) (mainPart, error) {
	main := mainPart{name: "xl/workbook.xml"}
	first, _ := relationsOf(all, "")
	for _, r := range first {
		if r.kind() == "officeDocument" {
			main.name = target("", r.Target)
		}
	}
	if !all.has(main.name) || strings.HasSuffix(main.name, ".bin") {
		return main, whatElse(all, main.name)
	}
	var err error
	main.relations, err = relationsOf(all, main.name)
	return main, err
}

// whatElse says what an archive is that holds no workbook.
func whatElse(all parts, main string) error {
	kind := ""
	switch {
	case strings.HasSuffix(main, ".bin"):
		kind = "a binary workbook (.xlsb)"
	case all.has("mimetype") && all.has("content.xml"):
		kind = "an OpenDocument file, such as a spreadsheet of LibreOffice (.ods)"
	case all.has("index/document.iwa"):
		kind = "a document of Apple Numbers or the like"
	case all.has("word/document.xml"), all.has("ppt/presentation.xml"):
		return errors.New("a document of a word processor or a presentation (.docx, .pptx): copy its table into a spreadsheet and save that as .xlsx")
	default:
		return errors.New("a zip archive without a workbook in it: unpack it, and name the file that it holds")
	}
	return fmt.Errorf("%s: open it in a spreadsheet and save it as .xlsx", kind)
}

// relationsOf returns what a part refers to, or the whole workbook where the
// part is "".
func relationsOf(all parts, part string) ([]relation, error) {
	folder, base := path.Split(part)
	name := folder + "_rels/" + base + ".rels"
	if !all.has(name) {
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

const mostTabs = 10_000

// readWorkbook returns the tabs, and whether days count from 1904.
func readWorkbook(all parts, main mainPart) ([]tab, bool, error) {
	var book workbookXML
	if err := all.decode(main.name, &book); err != nil {
		return nil, false, err
	}
	if book.XMLName.Local != "workbook" {
		return nil, false, errFormat
	}
	if len(book.Sheets) > mostTabs {
		return nil, false, fmt.Errorf("part %s lists more than %d tabs, the most that are read", main.name, mostTabs)
	}
	var tabs []tab
	for _, sheet := range book.Sheets {
		t := main.tab(sheet.Attr)
		t.name = sheet.Name
		t.hidden = slices.ContainsFunc(sheet.Attr, func(a xml.Attr) bool { return a.Name.Local == "state" && a.Value != "visible" })
		tabs = append(tabs, t)
	}
	return tabs, isTrue(book.Properties.Date1904), nil
}

// tab follows a tab's reference to the part that holds its cells.
func (m mainPart) tab(attributes []xml.Attr) tab {
	id := ""
	for _, a := range attributes {
		if a.Name.Local == "id" {
			id = a.Value
		}
	}
	for _, r := range m.relations {
		if r.ID == id && id != "" {
			return tab{part: target(m.name, r.Target), cells: r.kind() == "worksheet"}
		}
	}
	return tab{cells: true, damaged: fmt.Errorf("part %s is damaged: the tab refers to %q, which is not there", m.name, id)}
}

// Table is a block of a sheet with a name of its own.
type Table struct {
	Name, Sheet string
	Range       Range
	// Heading reports whether its first row is a heading, and Totals how many rows of
	// totals there are at its end.
	Heading bool
	Totals  int
}

// tableXML is what is wanted of a table's part.
type tableXML struct {
	Name    string `xml:"displayName,attr"`
	Ref     string `xml:"ref,attr"`
	Heading string `xml:"headerRowCount,attr"`
	Totals  int    `xml:"totalsRowCount,attr"`
}

// Tables returns the tables of all sheets. With an error it returns those that
// could be read.
func (b *Book) Tables() ([]Table, error) {
	var tables []Table
	var errs []error
	for _, t := range b.tabs {
		if !t.cells || t.damaged != nil {
			continue
		}
		relations, err := relationsOf(b.parts, t.part)
		errs = append(errs, err)
		for _, r := range relations {
			if r.kind() != "table" {
				continue
			}
			table, err := b.table(t, target(t.part, r.Target))
			if errs = append(errs, err); err == nil {
				tables = append(tables, table)
			}
		}
	}
	return tables, errors.Join(errs...)
}

func (b *Book) table(t tab, part string) (Table, error) {
	var table tableXML
	if err := b.parts.decode(part, &table); err != nil {
		return Table{}, err
	}
	block, ok := parseRange(table.Ref)
	if !ok {
		return Table{}, fmt.Errorf("part %s is damaged: the table %q has the range %q", part, table.Name, table.Ref)
	}
	return Table{table.Name, t.name, block, table.Heading != "0", table.Totals}, nil
}

func isTrue(text string) bool { return text == "1" || text == "true" || text == "on" }
