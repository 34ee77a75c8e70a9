package main

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/mp196/ivp/ivp"
)

// The columns of ivp sample that are changed.
const (
	colModel = 3
	colSpec  = 6
	colGBCS  = 7
	colDate  = 8
)

// derive writes a file in which change has changed the cells of each row of another.
// The rows count from 0. All cells of a row are quoted if change returns true,
// otherwise none.
func (b *bench) derive(to, from string, change func(n int, cells []string) (quoted bool)) error {
	in, err := os.Open(b.path(from))
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(b.path(to))
	if err != nil {
		return err
	}
	r, w := csv.NewReader(bufio.NewReaderSize(in, 1<<20)), bufio.NewWriterSize(out, 1<<20)
	r.ReuseRecord = true
	for n := -1; ; n++ {
		cells, err := r.Read()
		if err == io.EOF {
			return errors.Join(w.Flush(), out.Close())
		}
		if err != nil {
			return err
		}
		quote, between := "", ","
		if n >= 0 && change(n, cells) {
			quote, between = `"`, `","`
		}
		for i, cell := range cells {
			if i == 0 {
				w.WriteString(quote)
			} else {
				w.WriteString(between)
			}
			w.WriteString(cell)
		}
		w.WriteString(quote)
		w.WriteByte('\n')
	}
}

// plain removes what must be quoted: the commas that are in some models.
func plain(_ int, cells []string) bool {
	cells[colModel] = strings.ReplaceAll(cells[colModel], ",", "")
	return false
}

// british writes dates as DD/MM/YYYY.
func british(n int, cells []string) bool {
	if d := cells[colDate]; len(d) == len("2006-01-02") && d[4] == '-' {
		cells[colDate] = d[8:] + "/" + d[5:7] + "/" + d[:4]
	}
	return plain(n, cells)
}

// split writes the rows of a file into so many files, whose paths it returns.
func (b *bench) split(from string, rows, files int) ([]string, error) {
	in, err := os.Open(b.path(from))
	if err != nil {
		return nil, err
	}
	defer in.Close()
	lines := bufio.NewScanner(in)
	lines.Scan()
	heading := slices.Clone(lines.Bytes())
	var paths []string
	for n := range files {
		text := append(slices.Clone(heading), '\n')
		for range rows*(n+1)/files - rows*n/files {
			lines.Scan()
			text = append(append(text, lines.Bytes()...), '\n')
		}
		paths = append(paths, b.path(fmt.Sprintf("part-%04d.csv", n)))
		if err := os.WriteFile(paths[n], text, 0o600); err != nil {
			return nil, err
		}
	}
	return paths, lines.Err()
}

// catalogue writes an invented Central Products List of so many entries. Each model has
// 25 versions of its firmware, with the versions on record for its type, oldest first.
func (b *bench) catalogue(to string, entries int) error {
	const releases = 25
	var text strings.Builder
	text.WriteString("Version,Entry.number,Entry.status,Device_Type.name,Device_Model.manufacturer_identifier,Device_Model.model_identifier," +
		"Device_Model.hardware_version.version,Device_Model.hardware_version.revision,Device_Model.model_identifier_concatenated_with_hardware_version," +
		"Device_Model.firmware_version,SMETS_CHTS Version.Version_number_and_effective_date,GBCS Version.version_number,Manufacturer_Image.hash\n")
	byType := map[ivp.DeviceType][]ivp.Pair{}
	for _, pair := range ivp.Published().Pairs() {
		byType[pair.Type] = append(byType[pair.Type], pair)
	}
	types := slices.Sorted(maps.Keys(byType))
	for n := range entries {
		model := n / releases
		pairs := byType[types[model%len(types)]]
		pair := pairs[n%releases*len(pairs)/releases]
		fmt.Fprintf(&text, "Version 0.001 Issued on 01-06-2022,%06d,Current,%s,E%03X,%04X,01,00,%04X0100,%08X,%s V%s,GBCS Version %s,\n",
			n+1, pair.Type.Name(), model/20, model, model, n, pair.Spec.Family, pair.Spec.Version, pair.GBCS.Version)
	}
	return os.WriteFile(b.path(to), []byte(text.String()), 0o600)
}
