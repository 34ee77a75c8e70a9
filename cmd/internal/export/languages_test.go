package export

import (
	"flag"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/cmd/internal/testkit"
	"github.com/mp196/ivp/ivp"
)

var _ = flag.Bool("update", false, "write what the examples print into the help topics")

const readersFolder = "../../../testdata/readers"

// language is a language with a reader, the file of which has at most so many lines.
type language struct {
	name, file string
	lines      int
	// driver is a program that reads the answers of folders with the reader. Its arguments
	// are folders and files of devices. It writes the answers to the devices of each file
	// or, if the reader refuses the answers, the word refused and the message.
	driverFile, driver string
	// programs must be present; prepare and run are commands in the folder of the files.
	programs     []string
	prepare, run []string
}

var languages = []language{{
	name: "python", file: "ivp_answers.py", lines: 80, driverFile: "driver.py", programs: []string{"python3"}, run: []string{"python3", "driver.py"},
	driver: `import sys, urllib.parse
from ivp_answers import Answers

for folder, devices in zip(sys.argv[1::2], sys.argv[2::2]):
    try:
        answers = Answers.load(folder + "/ivp-answers.json")
    except ValueError as e:
        print("refused", str(e).replace("\n", " "))
        continue
    for line in open(devices, encoding="ascii"):
        a = answers.check(*(urllib.parse.unquote_plus(cell) or None for cell in line.rstrip("\n").split("\t")))
        authority = a["authority"] or {"id": "", "citations": []}
        print(a["outcome"], a["reason"], a["from"], a["to"], a["end"], a["amendment"], authority["id"], len(authority["citations"]), a["unknown"], sep="\t")
`,
}, {
	name: "js", file: "ivp_answers.mjs", lines: 80, driverFile: "driver.mjs", programs: []string{"node"}, run: []string{"node", "driver.mjs"},
	driver: `import { readFileSync } from 'node:fs'
import { load } from './ivp_answers.mjs'

const out = []
for (let n = 2; n < process.argv.length; n += 2) {
  const text = readFileSync(process.argv[n] + '/ivp-answers.json', 'utf8')
  const answers = await load(text).catch(e => void out.push('refused ' + e.message.replaceAll('\n', ' ')))
  if (!answers) continue
  for (const line of readFileSync(process.argv[n + 1], 'utf8').split('\n').slice(0, -1)) {
    const cells = line.split('\t').map(cell => decodeURIComponent(cell.replaceAll('+', ' ')) || null)
    const a = answers.check(cells[0], cells[1], cells[2], cells[3], cells[4])
    out.push([a.outcome, a.reason, a.from, a.to, a.end, a.amendment, a.authority?.id, a.authority?.citations.length ?? 0, a.unknown].join('\t'))
  }
}
console.log(out.join('\n'))
`,
}, {
	name: "java", file: "IvpAnswers.java", lines: 150, driverFile: "Driver.java", programs: []string{"javac", "java"},
	prepare: []string{"javac", "-encoding", "UTF-8", "--release", "17", "Driver.java", "IvpAnswers.java"}, run: []string{"java", "-XX:TieredStopAtLevel=1", "Driver"},
	driver: `import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;

class Driver {
    static String cell(String[] cells, int n) {
        return n >= cells.length || cells[n].isEmpty() ? null : URLDecoder.decode(cells[n], StandardCharsets.UTF_8);
    }

    public static void main(String[] args) throws IOException {
        StringBuilder out = new StringBuilder();
        for (int n = 0; n < args.length; n += 2) {
            IvpAnswers answers;
            try {
                answers = IvpAnswers.open(Path.of(args[n]));
            } catch (IOException e) {
                out.append("refused ").append(e.getMessage().replace('\n', ' ')).append('\n');
                continue;
            }
            for (String line : Files.readAllLines(Path.of(args[n + 1]))) {
                String[] c = line.split("\t");
                IvpAnswers.Answer a = answers.check(cell(c, 0), cell(c, 1), cell(c, 2), cell(c, 3), cell(c, 4));
                boolean named = a.authority() != null;
                out.append(String.join("\t", a.outcome(), a.reason(), a.from(), a.to(), a.end(), a.amendment(), named ? a.authority().id() : "",
                        "" + (named ? a.authority().citations().size() : 0), a.unknown())).append('\n');
            }
        }
        System.out.print(out);
    }
}
`,
}}

// readerAnswer is the answer of a reader.
type readerAnswer struct {
	// Outcome, reason, from, to, end and amendment.
	cells [6]string
	// The id of the authority, and the number of its citations.
	authority, citations string
	// The cell whose text is not in the tables.
	unknown string
}

// inReaders runs a test for each language, with a function that runs the reader on folders
// of answers and the devices for each.
func inReaders(t *testing.T, test func(t *testing.T, read func(folders []string, devices ...[]device) []string)) {
	for _, l := range languages {
		t.Run(l.name, func(t *testing.T) {
			t.Parallel()
			place := l.install(t)
			test(t, func(folders []string, all ...[]device) []string {
				args := slices.Clone(l.run[1:])
				for n, folder := range folders {
					var b strings.Builder
					if n < len(all) {
						for _, d := range all[n] {
							for i, cell := range []string{d.kind, d.spec, d.gbcs, d.scope, d.date} {
								b.WriteString(strings.Repeat("\t", min(i, 1)) + url.QueryEscape(cell))
							}
							b.WriteByte('\n')
						}
					}
					args = append(args, folder, put(t, "devices", b.String()))
				}
				cmd := exec.Command(l.run[0], args...)
				cmd.Dir = place
				return strings.Split(strings.TrimSuffix(string(output(t, cmd)), "\n"), "\n")
			})
		})
	}
}

// install returns a folder with the reader and its driver, ready to run.
func (l language) install(t *testing.T) (place string) {
	for _, name := range l.programs {
		testkit.Program(t, name)
	}
	place = t.TempDir()
	text, err := os.ReadFile(filepath.Join(readersFolder, l.file))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(place, l.file), text, 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(place, l.driverFile), []byte(l.driver), 0o600))
	if l.prepare != nil {
		cmd := exec.Command(l.prepare[0], l.prepare[1:]...)
		cmd.Dir = place
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, string(out))
	}
	return place
}

// parsed reads a line of a driver.
func parsed(t *testing.T, line string) (a readerAnswer) {
	t.Helper()
	cells := strings.Split(line, "\t")
	require.Len(t, cells, 9, line)
	copy(a.cells[:], cells)
	a.authority, a.citations, a.unknown = cells[6], cells[7], cells[8]
	return a
}

// exported writes the answers of a checker to a new folder.
func exported(t *testing.T, c ivp.Checker) (folder string) {
	t.Helper()
	d, err := NewDocument(c, "in a test", ivp.Date{})
	require.NoError(t, err)
	folder = t.TempDir()
	for _, file := range d.Files() {
		require.NoError(t, os.WriteFile(filepath.Join(folder, file.Name), file.Text, 0o600))
	}
	return folder
}
