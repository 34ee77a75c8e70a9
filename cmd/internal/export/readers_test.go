package export

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/cmd/internal/sample"
	"github.com/mp196/ivp/cmd/internal/testkit"
	"github.com/mp196/ivp/devices"
	"github.com/mp196/ivp/ivp"
)

// library judges devices as the library reads them from an inventory.
type library struct {
	columns devices.Columns
	judge   devices.Judge
}

func newLibrary(t *testing.T, c ivp.Checker) library {
	columns, err := devices.MapColumns(columnNames, devices.ColumnOptions{})
	require.NoError(t, err)
	return library{columns, devices.Judge{Checker: c}}
}

// answer returns the library's answer as a reader must give it.
func (l library) answer(d device) (a readerAnswer) {
	cells := d.checked(l.columns, l.judge) // outcome, reason, to, days left, amendment, from, end
	a.cells = [6]string{cells[0], cells[1], cells[5], cells[2], cells[6], cells[4]}
	amendment, _ := l.judge.Checker.History.Amendment(cells[4])
	a.authority, a.citations = amendment.ID, fmt.Sprint(len(amendment.Citations))
	return a
}

// inOtherPrograms skips a test of what runs in other programs in a short run, such as that
// for races.
func inOtherPrograms(t *testing.T) {
	if testing.Short() {
		t.Skip("runs in other programs")
	}
}

// leftOut are the texts in the vectors that the tables do not contain: versions that are
// not on record, and texts that only the library reads.
var leftOut = []string{
	`gbcs "9.9"`, `gbcs "three"`, `scope "PPM"`, `scope "no such scope"`,
	`spec "4" of type ""`, `spec "4.2" of type ""`, `spec "4.2" of type "IHD"`, `spec "CHTS v9.9"`, `spec "GBCS v3.2"`, `spec "SMETS V1.58"`, `spec "SMETS2 v1.2"`, `spec "SMETS2 v9.9"`,
	`type "Toaster"`,
}

// TestConformanceVectorsInReaders compares every file and the last days with each reader,
// including the windows, and the texts that are left out with those named in leftOut.
func TestConformanceVectorsInReaders(t *testing.T) {
	inOtherPrograms(t)
	vectors := testkit.VectorFiles(t)
	files := append(slices.Clone(vectors), testkit.LastDays())
	var folders []string
	var all [][]device
	var wants [][]readerAnswer
	for _, f := range files {
		folders = append(folders, exported(t, f.Checker(ivp.Published())))
		library := newLibrary(t, f.Checker(ivp.Published()))
		var some []device
		var want []readerAnswer
		for _, v := range f.Devices {
			d := device{v.DeviceType, v.Spec, v.GBCS, v.InstallDate, v.Scope}
			some, want = append(some, d), append(want, library.answer(d))
		}
		all, wants = append(all, some), append(wants, want)
	}
	topic, err := os.ReadFile("../../ivp/docs/answers.md")
	require.NoError(t, err)
	inReaders(t, func(t *testing.T, read func([]string, ...[]device) []string) {
		lines := read(folders, all...)
		passed, left, texts := 0, 0, map[string]bool{}
		for n, f := range files {
			require.GreaterOrEqual(t, len(lines), len(f.Devices))
			counted := 1
			if n >= len(vectors) {
				counted = 0
			}
			var got []testkit.Answer
			for i, d := range all[n] {
				a := parsed(t, lines[i])
				if a.unknown != "" {
					left += counted
					texts[unknownText(a, d)] = true
					assert.Equal(t, readerAnswer{cells: [6]string{"undetermined", "unknown-spelling"}, citations: "0", unknown: a.unknown}, a)
					got = append(got, f.Devices[i].Want)
					continue
				}
				passed += counted
				assert.Equal(t, wants[n][i], a, "%s: %+v", f.Name, d)
				got = append(got, testkit.Answer{Outcome: a.cells[0], Reason: a.cells[1], To: a.cells[3], Amendment: a.cells[5]})
			}
			f.Compare(t, got)
			lines = lines[len(f.Devices):]
		}
		assert.Empty(t, lines)
		var names []string
		for text := range texts {
			names = append(names, text)
		}
		slices.Sort(names)
		assert.Equal(t, leftOut, names)
		assert.Contains(t, string(topic), fmt.Sprintf("%s vectors pass in each reader, %s", thousands(passed), thousands(left)))
	})
}

func thousands(n int) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%d,%03d", n/1000, n%1000)
}

// unknownText names the text of a device that a reader does not find.
func unknownText(a readerAnswer, d device) string {
	text := map[string]string{"type": d.kind, "spec": d.spec, "gbcs": d.gbcs, "scope": d.scope}[a.unknown]
	if a.unknown == "spec" && d.spec != "" && d.spec[0] <= '9' { // a bare version
		return fmt.Sprintf("%s %q of type %q", a.unknown, text, d.kind)
	}
	return fmt.Sprintf("%s %q", a.unknown, text)
}

// hostileCells are texts that a reader could take for another: with spaces and letters
// that only some languages trim or capitalise, and names of members in JavaScript.
var hostileCells = []string{
	"\ufeffSMETS2 v4.2", "SMETS2\u00a0v4.2", "\u00a0SMETS2 v4.2\u00a0", "\u0085SMETS2 v4.2", "\u001fSMETS2 v4.2", "\t SMETS2 v4.2\r\n\v\f", "\u017fMETS2 v4.2", "\uff33METS2 v4.2",
	"\u017fmet\u017f2 v4.2", "SMETS2 v\u0664.2", "constructor", "CONSTRUCTOR", "__proto__", "toString", "hasOwnProperty", "null", "None", "undefined", "NaN", "[]", "ESME,", `"ESME"`, "SMETS2 v4.2\x00",
	"\u00e4rger", "\u00c4RGER", "\u00e4RGER", "\u00c4rger", "2", "a,\"b\"", "A,\"B\"", strings.Repeat(" ", 200_000) + "x", strings.Repeat("x ", 200_000), strings.Repeat(`"`, 9999),
}

var hostileDays = []string{
	"2022-02-30", "2023-02-29", "2024-02-29", "0000-01-01", "0001-01-01", "9999-12-31", "10000-01-01", "+2022-06-01", "-2022-06-01", "2022-6-1", "2022-06-01Z", "2022-06-01T00:00", "2022-W22-3",
	"20220601", "01/06/2022", "2022/06/01", " 2022-06-01\n", "2022-06-01\n\n", "\ufeff2022-06-01", "\u0662\u0660\u0662\u0662-06-01", "2022-13-01", "2022-00-10", "2022-04-31", "1900-02-29", "2000-02-29", "\t", "NaT", "today", "1654041600",
}

// TestReadersAgainstTheLibrary compares a sample, cells of every class and hostile texts
// with the library, by several rules. A reader may lack a text, or a day that is not
// written as YYYY-MM-DD. All else must be the same.
func TestReadersAgainstTheLibrary(t *testing.T) {
	inOtherPrograms(t)
	random := rand.New(rand.NewPCG(20, 2))
	any := func(texts []string) string { return texts[random.IntN(len(texts))] }
	shipped := ivp.Published()
	var b bytes.Buffer
	last := shipped.VouchedTo(ivp.Date{}).AddDays(365)
	const rows = 8_000
	require.NoError(t, sample.Write(&b, sample.Options{Rows: rows, Seed: 2, Pairs: shipped.Pairs(), First: last.AddDays(-3650), Last: last}))
	all := readDevices(t, b.Bytes())
	for range rows / 2 {
		all = append(all, device{any(oddCells.kinds), any(oddCells.specs), any(oddCells.gbcs), any(oddCells.days), any(oddCells.scopes)})
	}
	for _, text := range hostileCells {
		all = append(all, device{text, "SMETS2 v4.2", "3.2", "2022-06-01", ""}, device{"ESME", text, "3.2", "2022-06-01", ""},
			device{"ESME", "SMETS2 v4.2", text, "2022-06-01", ""}, device{"ESME", "SMETS2 v4.2", "3.2", "2022-06-01", text}, device{"ESME", "SMETS2 v4.2", "3.2", text, ""})
	}
	for _, day := range append(hostileDays, oddCells.days...) {
		for _, scope := range []string{"", "\u00c4RGER", "2", `a,"B"`} {
			all = append(all, device{"ESME", "SMETS2 v4.2", "3.2", day, scope}, device{"", "", "", day, scope})
		}
	}
	var folders []string
	var wants []readerAnswer
	var lists [][]device
	for _, checker := range []ivp.Checker{
		{History: shipped}, {History: oddRules(t)}, {History: oddRules(t), AsAt: shipped.Latest(), LastDayExcluded: true}, {},
	} {
		folders, lists = append(folders, exported(t, checker)), append(lists, all)
		library := newLibrary(t, checker)
		for _, d := range all {
			wants = append(wants, library.answer(d))
		}
	}
	inReaders(t, func(t *testing.T, read func([]string, ...[]device) []string) {
		lines := read(folders, lists...)
		require.Len(t, lines, len(wants))
		same, wrong := 0, 0
		for n, line := range lines {
			a, d := parsed(t, line), all[n%len(all)]
			switch {
			case a == wants[n]:
				same++
				continue
			case a == readerAnswer{cells: [6]string{"undetermined", "unknown-spelling"}, citations: "0", unknown: a.unknown} && a.unknown != "":
				continue
			case a == readerAnswer{cells: [6]string{"undetermined", "bad-date"}, citations: "0"} && !isoDayPattern.MatchString(d.date):
				continue
			}
			if wrong++; wrong <= 10 {
				assert.Equal(t, wants[n], a, "%+q", d)
			}
		}
		assert.Zero(t, wrong)
		assert.Greater(t, same, 3*len(all)/2)
	})
}

var isoDayPattern = regexp.MustCompile(`^[\t-\r ]*` + isoDay + `[\t-\r ]*$`)

// oddRules are the shipped rules with an amendment in doubt, scopes with odd names, and a
// citation with every character that JSON or CSV may write in another way.
func oddRules(t *testing.T) ivp.History {
	h := ivp.Published()
	day := func(text string) ivp.Date {
		day, err := ivp.ParseDate(text)
		require.NoError(t, err)
		return day
	}
	ended := ivp.On(day("2022-03-31"))
	a := ivp.Amendment{
		ID: "ODD", Title: "odd <names> & \"quotes\", \\u2028", InForce: day("2021-06-01"), PerhapsFrom: day("2021-05-01"),
		Citations: []ivp.Citation{{Document: ", \"quotes\", \\, \\u2028, \u2028, \u2029, \u00e9, \U0001f50c, <b>&amp;"}},
	}
	for _, scope := range []string{"2", "\u00e4rger", `a,"b"`} {
		a.Entries = append(a.Entries, ivp.Entry{Spec: version(ivp.SMETS, "4.2"), Scope: scope, To: ended, Inferred: "a test says so"})
	}
	amended, err := h.Amend(a)
	require.NoError(t, err)
	return amended
}

// TestReadersRefuse gives the readers answers of another version, damaged ones, and tables
// of two exports; and answers in another layout, which they read.
func TestReadersRefuse(t *testing.T) {
	inOtherPrograms(t)
	whole := exported(t, ivp.Checker{History: ivp.Published()})
	other := exported(t, ivp.Checker{History: ivp.Published(), LastDayExcluded: true})
	edited := func(edit func(name, text string) string) string {
		folder := t.TempDir()
		for _, file := range []string{"ivp-answers.json", "ivp-names.csv", "ivp-profiles.csv", "ivp-periods.csv"} {
			text, err := os.ReadFile(filepath.Join(whole, file))
			require.NoError(t, err)
			require.NoError(t, os.WriteFile(filepath.Join(folder, file), []byte(edit(file, string(text))), 0o600))
		}
		return folder
	}
	replaced := func(texts ...string) func(name, text string) string {
		return func(_, text string) string { return strings.NewReplacer(texts...).Replace(text) }
	}
	ofOther := func(names ...string) func(name, text string) string {
		return func(name, text string) string {
			taken, err := os.ReadFile(filepath.Join(other, name))
			require.NoError(t, err)
			if name == "ivp-answers.json" { // a document is one file: it gets a member of another
				return strings.Replace(text, `"included"`, `"excluded"`, 1)
			}
			if !slices.Contains(names, name) {
				return text
			}
			return string(taken)
		}
	}
	cases := []struct {
		name, folder, want string // want is a text of the refusal, or empty if the answers are read
	}{
		{"as exported", whole, ""},
		{"with other line ends and spaces", edited(replaced("\n", "\r\n")), ""},
		{"version 2", edited(replaced(`"schema":1,`, `"schema":2,`, "rules,schema,1,", "rules,schema,2,")), "schema 2"},
		{"version 10", edited(replaced(`"schema":1,`, `"schema":10,`, "rules,schema,1,", "rules,schema,10,")), "schema 10"},
		{"version as text", edited(replaced(`"schema":1,`, `"schema":"1",`, "rules,schema,1,", "rules,schema,one,")), "schema"},
		{"no version", edited(replaced(`"schema":1,`, ``, "rules,schema,1,\n", "")), "schema"},
		{"a date", edited(replaced("2023-04-27", "2033-04-27")), "damaged"},
		{"an outcome", edited(replaced("not_eligible", "eligible")), "damaged"},
		{"a profile", edited(replaced(`"SMETS2 v3.1","GBCS v2.1"`, `"SMETS2 v3.2","GBCS v2.1"`, "SMETS2 v3.1,GBCS v2.1", "SMETS2 v3.2,GBCS v2.1")), "damaged"},
		{"a spelling", edited(replaced(`["ESME (A)",`, `["ESME (F)",`, "type,ESME (A),", "type,ESME (F),")), "damaged"},
		{"a quotation", edited(replaced("by 12 months", "by 13 months")), "damaged"},
		{"a digest", edited(replaced(`"sha256":"`, `"sha256":"0`, "rules,sha256,", "rules,sha256,0")), "damaged"},
		{"no digest", edited(func(_, text string) string {
			return regexp.MustCompile(`,\s*"sha256":"[0-9a-f]*"|rules,sha256,.*\n`).ReplaceAllString(text, "")
		}), "damaged"},
		{"periods of another export", edited(ofOther("ivp-periods.csv")), "damaged"},
		{"names and profiles of another export", edited(ofOther("ivp-names.csv", "ivp-profiles.csv")), "damaged"},
		{"a row less", edited(func(_, text string) string {
			at := strings.LastIndex(text[:len(text)/2], "\n")
			return text[:at] + text[at+1+strings.Index(text[at+1:], "\n"):]
		}), "damaged"},
		{"cut off", edited(func(_, text string) string { return text[:len(text)-100] }), ""},
		{"empty", edited(func(_, text string) string { return "" }), ""},
		{"a list", edited(func(_, text string) string { return "[]" }), "schema"},
		{"null", edited(func(_, text string) string { return "null" }), "schema"},
	}
	var folders []string
	var lists [][]device
	for _, one := range cases {
		folders, lists = append(folders, one.folder), append(lists, []device{{"ESME", "SMETS2 v3.1", "2.1", "2023-04-27", ""}})
	}
	inReaders(t, func(t *testing.T, read func([]string, ...[]device) []string) {
		lines := read(folders, lists...)
		require.Len(t, lines, len(cases), "%q", lines)
		for n, one := range cases {
			if n < 2 {
				assert.Contains(t, lines[n], "eligible\twithin-period\t", one.name)
				continue
			}
			require.Contains(t, lines[n], "refused ", one.name)
			assert.Contains(t, lines[n], one.want, one.name)
		}
	})
}

// TestReaderInBrowser reads the answers in a page.
func TestReaderInBrowser(t *testing.T) {
	inOtherPrograms(t)
	ctx := testkit.Browser(t)
	files := http.NewServeMux()
	files.Handle("/answers/", http.StripPrefix("/answers", http.FileServer(http.Dir(exported(t, ivp.Checker{History: ivp.Published()})))))
	files.Handle("/", http.FileServer(http.Dir(readersFolder)))
	server := httptest.NewServer(files)
	defer server.Close()
	require.NoError(t, chromedp.Do(ctx, chromedp.Navigate(server.URL)))
	got, err := chromedp.Run(ctx, chromedp.Evaluate[string](`(async () => {
		const { load } = await import('/ivp_answers.mjs')
		const { check } = await load(await (await fetch('/answers/ivp-answers.json')).json())
		const answer = check('ESME', 'SMETS2 v3.1', '2.1', '', '2023-04-28')
		return [answer.outcome, answer.reason, answer.to, answer.amendment].join(' ')
	})()`, chromedp.EvalAwaitPromise))
	require.NoError(t, err)
	assert.Equal(t, "not_eligible after-end 2023-04-27 MP196", got)
}

// TestReadersAreSmall counts the lines of the readers.
func TestReadersAreSmall(t *testing.T) {
	for _, l := range languages {
		text, err := os.ReadFile(filepath.Join(readersFolder, l.file))
		require.NoError(t, err)
		assert.LessOrEqual(t, bytes.Count(text, []byte("\n")), l.lines, l.file)
	}
}

// typedUse is a program that uses all types of the reader.
const typedUse = `import { load } from './ivp_answers.mjs'
const { check, document } = await load('{}')
const answer = check('ESME', 'SMETS2 v3.1', null, undefined, '2023-04-27')
const outcome: 'eligible' | 'not_eligible' | 'undetermined' = answer.outcome
const texts: string[] = [answer.reason, answer.from, answer.to, answer.end, answer.amendment, answer.unknown, document.terms.as_at]
const sources: string[] = answer.authority?.citations.map(citation => citation.document + citation.quote + citation.url) ?? []
// @ts-expect-error: there is no such member
answer.days
// @ts-expect-error: the day is missing
check('ESME', 'SMETS2 v3.1', null, undefined)
console.log(outcome, texts, sources)
`

func TestReaderTypes(t *testing.T) {
	inOtherPrograms(t)
	node := testkit.Program(t, "node")
	compiler := filepath.Join(testkit.Modules(t, "../../../testdata/typescript", "typescript"), "typescript", "bin", "tsc")
	place := t.TempDir()
	text, err := os.ReadFile(filepath.Join(readersFolder, "ivp_answers.mjs"))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(place, "ivp_answers.mjs"), text, 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(place, "use.mts"), []byte(typedUse), 0o600))
	cmd := exec.Command(node, compiler, "--noEmit", "--allowJs", "--checkJs", "--strict", "--noUncheckedIndexedAccess", "--target", "es2022", "--module", "nodenext", "--lib", "es2022,dom", "use.mts")
	cmd.Dir = place
	out, err := cmd.CombinedOutput()
	assert.NoError(t, err, string(out))
}

// TestReadmeReaders runs the examples of the help topic, in a folder with the readers and
// the answers.
func TestReadmeReaders(t *testing.T) {
	inOtherPrograms(t)
	const topic = "../../ivp/docs/answers.md"
	answers := exported(t, ivp.Checker{History: ivp.Published()})
	for _, l := range slices.Backward(languages) {
		t.Run(l.name, func(t *testing.T) {
			example := strings.NewReplacer("driver.", "example.", "Driver", "Example")
			l.driverFile, l.prepare, l.run = example.Replace(l.driverFile), slices.Clone(l.prepare), slices.Clone(l.run)
			for _, words := range [][]string{l.prepare, l.run} {
				for n, word := range words {
					words[n] = example.Replace(word)
				}
			}
			for _, shown := range slices.Backward(testkit.Examples(t, topic, l.name)) {
				assert.LessOrEqual(t, strings.Count(shown.Code, "\n"), 10)
				l.driver = shown.Code
				place := l.install(t)
				require.NoError(t, os.Symlink(answers, filepath.Join(place, "answers")))
				cmd := exec.Command(l.run[0], l.run[1:]...)
				cmd.Dir = place
				shown.Settle(t, string(output(t, cmd)))
			}
		})
	}
}
