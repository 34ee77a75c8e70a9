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
	if err := b.build("periods", "./testdata/bench/periods"); err != nil {
		return err
	}
	python, err := pythonPeers()
	if err != nil {
		return err
	}
	recheck := func(name, in, out string, more ...string) *peer {
		return b.ivp(name, append([]string{"check", "-q", "--recheck", "--sheet", "Rows", b.path(in), "-o", b.path(out)}, more...)...)
	}
	for _, group := range []struct {
		rows int
		slow bool // for those that take a minute for 200,000 rows
	}{{200_000, false}, {50_000, true}} {
		rows := min(b.rows, group.rows)
		name := fmt.Sprint(rows)
		csv, in, periods := name+".csv", name+".xlsx", name+".periods.csv"
		if err := b.sample(csv, rows); err != nil {
			return err
		}
		if err := command(b.path("periods"), b.path(csv), b.path(periods)); err != nil {
			return err
		}
		if err := b.ivp("", "check", "-q", "-o", b.path(in), b.path(csv)).run(); err != nil {
			return err
		}
		html := b.path("report.html")
		peers := []*peer{recheck("ivp check to .xlsx and .html", in, "checked.xlsx", "-o", html)}
		if !group.slow {
			peers = append(peers,
				recheck("the same, one core", in, "one.xlsx", "-o", html).with("GOMAXPROCS=1").must(sameCells),
				recheck("ivp check to .xlsx", in, "alone.xlsx").must(sameCells),
				recheck("ivp check to .csv", in, "checked.csv"),
				b.ivp("ivp check, .csv to .xlsx", "check", "-q", b.path(csv), "-o", b.path("csv.xlsx")),
			)
		}
		for _, p := range python {
			if p.slow != group.slow {
				continue
			}
			out := b.path(p.script + ".xlsx")
			peers = append(peers, (&peer{
				name: p.name, output: out, agrees: sameCells,
				args: []string{"python3", "-B", filepath.Join(pythonFolder, p.script), b.path(in), b.path(periods), out},
			}).with("PYTHONPATH="+filepath.Join(pythonFolder, "python")))
		}
		if len(peers) == 1 {
			continue
		}
		if err := b.compare(fmt.Sprintf("workbooks: %d rows of 16 columns", rows), min(b.runs, 3), peers...); err != nil {
			return err
		}
	}
	return nil
}

const pythonFolder = "testdata/bench/workbooks"

type pythonPeer struct {
	name, script string
	slow         bool
}

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
		{"polars, calamine, XlsxWriter", "polars_check.py", false},
		{"pandas, openpyxl", "pandas_check.py", true},
	}
	if found, _ := filepath.Glob(filepath.Join(packages, "duckdb_ext/extensions/*/*/excel.duckdb_extension")); len(found) == 0 {
		fmt.Fprintln(os.Stderr, "DuckDB's excel extension is not here: DuckDB is left out")
	} else {
		peers = append([]pythonPeer{{"DuckDB, excel extension", "duckdb_check.py", false}}, peers...)
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
			return fmt.Errorf("the other workbook ends before row %d", row.Number)
		}
		if width == 0 {
			width = len(other.Cells)
		}
		for i := range max(width, len(other.Cells)) {
			if x, y := textAt(row, i), textAt(other, i); x != y {
				return fmt.Errorf("%s is %q, and %s of the other workbook %q", xlsx.Reference(i+1, row.Number), x, xlsx.Reference(i+1, other.Number), y)
			}
		}
	}
	if _, _, more := next(); more {
		return errors.New("the other workbook has more rows")
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
