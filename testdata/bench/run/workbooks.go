package main

import (
	"errors"
	"fmt"
	"iter"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/mp196/ivp/devices/xlsx"
)

// workbooks compares checks of a workbook with other programs that do the same. They
// read the sheet of rows, judge them and write a workbook of the rows alone; ivp also
// writes the summary, the evidence and the report.
func workbooks(b *bench) error {
	rows := min(b.rows, 200_000)
	if err := b.build("periods", "./testdata/bench/periods"); err != nil {
		return err
	}
	if err := b.sample("stock.csv", rows); err != nil {
		return err
	}
	in, csv, periods := b.path("stock.xlsx"), b.path("stock.csv"), b.path("periods.csv")
	if err := command(b.path("periods"), csv, periods); err != nil {
		return err
	}
	if err := b.ivp("", "check", "-q", "-o", in, csv).run(); err != nil {
		return err
	}
	recheck := func(name, out string, more ...string) *peer {
		return b.ivp(name, append([]string{"check", "-q", "--recheck", "--sheet", "Rows", in, "-o", b.path(out)}, more...)...)
	}
	peers := []*peer{
		recheck("ivp check to .xlsx and .html", "checked.xlsx", "-o", b.path("report.html")),
		recheck("the same, one core", "one.xlsx", "-o", b.path("report.html")).with("GOMAXPROCS=1").must(sameCells),
		recheck("ivp check to .xlsx", "alone.xlsx").must(sameCells),
		recheck("ivp check to .csv", "checked.csv"),
		b.ivp("ivp check, .csv to .xlsx", "check", "-q", csv, "-o", b.path("csv.xlsx")),
	}
	python, err := pythonPeers()
	if err != nil {
		return err
	}
	for _, p := range python {
		out := b.path(p.script + ".xlsx")
		peers = append(peers, (&peer{
			name: p.name, output: out, agrees: sameCells,
			args: []string{"python3", "-B", filepath.Join(pythonFolder, p.script), in, periods, out},
		}).with("PYTHONPATH="+filepath.Join(pythonFolder, "python")))
	}
	return b.compare(fmt.Sprintf("workbooks: %d rows of 16 columns", rows), min(b.runs, 3), peers...)
}

const pythonFolder = "testdata/bench/workbooks"

type pythonPeer struct{ name, script string }

// pythonPeers installs the packages for Python, unless they are there, and returns the
// peers that use them.
func pythonPeers() ([]pythonPeer, error) {
	for _, program := range []string{"python3", "pip3"} {
		if _, err := exec.LookPath(program); err != nil {
			fmt.Fprintln(os.Stderr, program+" is not here: the programs in Python are left out")
			return nil, nil
		}
	}
	packages := filepath.Join(pythonFolder, "python")
	if _, err := os.Stat(packages); err != nil {
		if err := command("pip3", "install", "--quiet", "--target", packages, "-r", filepath.Join(pythonFolder, "requirements.txt")); err != nil {
			return nil, err
		}
	}
	peers := []pythonPeer{
		{"polars, calamine, XlsxWriter", "polars_check.py"},
		{"pandas, openpyxl", "pandas_check.py"},
	}
	if found, _ := filepath.Glob(filepath.Join(packages, "duckdb_ext/extensions/*/*/excel.duckdb_extension")); len(found) == 0 {
		fmt.Fprintln(os.Stderr, "DuckDB's excel extension is not here: DuckDB is left out")
	} else {
		peers = append([]pythonPeer{{"DuckDB, excel extension", "duckdb_check.py"}}, peers...)
	}
	return peers, nil
}

// agreeOnCells compares the first sheets of two workbooks: their rows have the same
// texts, numbers and days in the columns that theirs has. A day may be a text in theirs,
// because a column has one type in some programs.
func agreeOnCells(ours, theirs string) error {
	a, err := firstSheet(ours)
	if err != nil {
		return err
	}
	b, err := firstSheet(theirs)
	if err != nil {
		return err
	}
	next, stop := iter.Pull2(b)
	defer stop()
	width := 0
	for row, err := range a {
		if err != nil {
			return err
		}
		other, err, ok := next()
		if err != nil {
			return err
		}
		if !ok {
			return fmt.Errorf("theirs ends before row %d of ours", row.Number)
		}
		if width == 0 {
			width = len(other.Cells)
		}
		for i := range max(width, len(other.Cells)) {
			if x, y := textAt(row, i), textAt(other, i); x != y {
				return fmt.Errorf("%s of ours is %q, and %s of theirs %q", xlsx.Reference(i+1, row.Number), x, xlsx.Reference(i+1, other.Number), y)
			}
		}
	}
	if _, _, more := next(); more {
		return errors.New("theirs has more rows")
	}
	return nil
}

func textAt(row xlsx.Row, column int) string {
	if column >= len(row.Cells) {
		return ""
	}
	return row.Cells[column].Decimal()
}

func firstSheet(path string) (iter.Seq2[xlsx.Row, error], error) {
	book, err := xlsx.Open(path)
	if err != nil {
		return nil, err
	}
	sheet, err := book.Sheet(book.Sheets()[0])
	if err != nil {
		return nil, err
	}
	return sheet.Rows(), nil
}
