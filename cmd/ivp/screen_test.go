package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// hostile is text that must not reach a screen unescaped: terminal codes of 7 and 8
// bits, direction marks, separators, pictures and markup.
const hostile = "\x1b[2J\x07\u009b31m\u202etxt\u2066\u061c\u200f\u2028\u0085![p](https://e.example/p.png)<b>x</b>|\x7f"

// TestNothingInAFileReachesAScreen puts hostile text into every part of every file that
// a command reads, and checks the text that it writes for people.
func TestNothingInAFileReachesAScreen(t *testing.T) {
	folder := t.TempDir()
	put := func(name, text string) string {
		path := filepath.Join(folder, name)
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		return path
	}
	cell := func(text string) string { return `"` + hostile + text + `"` }
	// File names cannot contain a slash.
	stock := put(strings.ReplaceAll(hostile, "/", "")+"\n\x9b.csv", strings.Join([]string{"Device ID", "SMETS Version", "GBCS Version", "Device Type", "Installation Date", "Scope", "Location", "Unit Cost", cell("heading"), "Device Model"}, ",")+"\n"+
		strings.Join([]string{cell("id"), "SMETS2 v3.1", "2.1", "ESME", "2023-04-28", "", cell("depot"), "1.00", cell("note"), cell("model")}, ",")+"\n"+
		strings.Join([]string{cell("id"), cell("version"), cell("gbcs"), cell("type"), cell("date"), cell("scope"), cell("depot"), cell("cost"), "\x9b31m", cell("model")}, ",")+"\n"+
		cell("short")+"\nTotal "+hostile+"\n"+`"`+hostile+"\n")
	unmapped := put("unmapped.csv", cell("SMETS Ver")+","+cell("Fitted On")+","+cell("Asset Class")+"\na,b,c\n")
	quoted := strconv.QuoteToASCII(hostile) // JSON has no \x
	quoted = strings.NewReplacer(`\x1b`, `\u001b`, `\a`, `\u0007`, `\x7f`, `\u007f`).Replace(quoted)
	amend := put("amend.json", fmt.Sprintf(`{"amendments": [{"id": "HOSTILE-1", "title": %[1]s, "in_force": "2023-04-01", "note": %[1]s,
		"citations": [{"document": %[1]s, "quote": "until 30 April 2023", "url": "https://e.example/"}], "entries": [{"spec": "SMETS2 v3.1", "to": "2023-04-30", "note": %[1]s}, {"spec": "SMETS2 v3.1", "scope": %[1]s, "to": "2023-04-30"}]}]}`, quoted))
	broken := put("broken.json", fmt.Sprintf(`{"amendments": [{"id": %[1]s, "title": %[1]s, %[1]s: 1, "in_force": %[1]s, "entries": [{"spec": %[1]s}]}]}`, quoted))
	const listHeading = "Version,Entry.number,Entry.status,Device_Type.name,Device_Model.manufacturer_identifier,Device_Model.model_identifier,Device_Model.hardware_version.version,Device_Model.hardware_version.revision,Device_Model.model_identifier_concatenated_with_hardware_version,Device_Model.firmware_version,SMETS_CHTS Version.Version_number_and_effective_date,GBCS Version.version_number,Manufacturer_Image.hash\n"
	list := put("list.csv", listHeading+"Version 1.031 Issued on 01-06-2022,000001,Current,ESME,E001,"+cell("")+",00,AC,"+cell("00AC")+",10000001,SMETS V3.1,GBCS Version 2.1,"+strings.Repeat("A", 64)+"\n")
	damaged := put("damaged.csv", listHeading+"1,000002,"+cell("status")+","+cell("type")+",E001,4331,00,AC,,"+cell("x")+","+cell("v")+","+cell("g")+",\n")
	waivers := put("waivers.toml", fmt.Sprintf("[[waiver]]\nid = %[1]s\ndevice_id = [%[1]s]\nuntil = 2026-12-31\nreason = %[1]s\napprover = %[1]s\n", quoted))
	profile := put("profile.toml", fmt.Sprintf("sheet = %[1]s\n[columns]\nspec = %[1]s\n%[1]s = \"x\"\n", quoted))
	names := put("names.txt", hostile+"\n"+hostile+"\n")
	plan := put("plan.csv", "from,per_week,to,device_type,location\n2026-01-05,1,,,"+cell("depot")+"\n"+cell("from")+","+cell("rate")+",,"+cell("type")+",\n")

	for _, args := range [][]string{
		{"check", stock, "--format", "table", "--why"}, {"check", stock, "--format", "markdown", "--why"}, {"check", stock, "--format", "html"}, {"check", stock, "--format", "table", "--color", "never", "--waivers", waivers},
		{"check", stock, "--format", "table", "--amend", amend, "--why"}, {"check", stock, "--format", "html", "--amend", amend}, {"check", stock, unmapped}, {"check", unmapped, "--map", "spec=" + hostile}, {"check", stock, "--profile", profile},
		{"check", "--files-from", names}, {"check", stock, "--amend", broken, "--format", "table"}, {"check", stock, "--cpl", list, "--format", "table"}, {"check", hostile, "--sheet", hostile},
		{"columns", stock}, {"columns", unmapped}, {"columns", stock, "--profile", profile}, {"impact", stock, "--after", "+" + amend, "--format", "table"}, {"impact", stock, "--after", "+" + amend, "--format", "markdown"},
		{"impact", stock, "--after", "+" + amend, "--format", "html"}, {"audit", stock, "--format", "markdown"}, {"audit", stock, "--format", "html"}, {"audit", stock, "--format", "table"},
		{"rundown", stock, "--on", "2022-06-01", "--format", "table"}, {"rundown", stock, "--on", "2022-06-01", "--format", "markdown"}, {"rundown", stock, "--on", "2022-06-01", "--format", "html"}, {"rundown", stock, "--plan", plan},
		{"explain", "--spec", "SMETS2 v3.1", "--on", "2023-04-28", "--amend", amend}, {"explain", "--spec", "SMETS2 v3.1", "--on", "2023-04-28", "--scope", hostile}, {"explain", "--spec", hostile, "--on", hostile, "--type", hostile, "--gbcs", hostile},
		{"explain", stock, "--device", hostile + "id", "--amend", amend}, {"explain", stock, "--device", hostile + "id", "--format", "markdown"}, {"explain", stock, "--device", hostile + "id", "--format", "html", "--amend", amend}, {"explain", stock, "--device", hostile},
		{"impact", stock, "--extend", "SMETS2 v3.1=" + hostile}, {"impact", stock, "--extend", "SMETS2 v3.1=1m", "--format", "html"}, {"audit", stock, "--from", hostile},
		{"rules", "show", "HOSTILE-1", "--amend", amend}, {"rules", "show", hostile}, {"rules", "list", "--amend", amend}, {"rules", "list", "--amend", amend, "--format", "svg"}, {"rules", "list", "--amend", amend, "--format", "html"}, {"rules", "history", "--amend", amend}, {"rules", "diff", "2023-03-31", "2023-04-01", "--amend", amend},
		{"rules", "lint", amend}, {"rules", "lint", broken}, {"rules", "status", "--amend", amend}, {"cpl", "lint", damaged}, {"cpl", "diff", list, damaged}, {"cpl", "find", "--manufacturer", "E001", "--model", hostile, list},
		{"rules", "new", "--from-csv", stock, "--pairs", damaged, "--id", hostile, "--in-force", "2026-11-01", "--document", hostile}, {hostile}, {"check", "--" + hostile}, {"help", hostile},
	} {
		var p program
		code := p.run(args...)
		name := strings.Join(args, " ")
		require.NotEqual(t, 70, code, "%q: %s", name, &p.stderr)
		assert.Contains(t, p.stdout.String()+p.stderr.String(), `\u202e`, "it is shown: %q", name)
		for where, text := range map[string]string{"stdout": p.stdout.String(), "stderr": p.stderr.String()} {
			assert.False(t, strings.ContainsFunc(text, forbidden), "%s of %q: %q", where, name, text)
			if !strings.Contains(text, "read as Windows-1252") { // which has no character for five bytes
				assert.NotContains(t, text, "\ufffd", "%s of %q", where, name)
			}
			if strings.Contains(name, "markdown") && where == "stdout" {
				assert.NotContains(t, text, "![p](", name)
				assert.NotContains(t, text, "https://e.example/p", name)
			}
			if strings.Contains(name, "html") && where == "stdout" {
				assert.NotContains(t, text, "<b>x", name)
			}
		}
	}
}

// forbidden reports whether a character must not reach a screen.
func forbidden(r rune) bool {
	return r != '\n' && r != '\t' && (unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029')
}
