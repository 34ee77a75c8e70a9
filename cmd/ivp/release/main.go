// Command release makes the archives of a release, one for each system, with their
// checksums and bills of materials. The same commit and the same version of Go give the
// same bytes.
package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"cmp"
	"compress/gzip"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/mp196/ivp/cmd/internal/server"
	"github.com/mp196/ivp/ivp"
)

func main() {
	var r release
	pflag.StringVar(&r.version, "version", "", "the `VERSION`, such as v0.2.0, or devel, for which changes need not be committed")
	pflag.StringVar(&r.page, "page", "dist/web/ivp.html", "the page, the `FILE` that make web builds")
	folder := pflag.StringP("output", "o", "", "put the archives into this `FOLDER` (default dist/VERSION)")
	only := pflag.String("only", "", "build for this `SYSTEM` alone, such as linux/amd64")
	pflag.Parse()
	err := r.make(cmp.Or(*folder, filepath.Join("dist", r.version)), *only)
	if err != nil {
		fmt.Fprintln(os.Stderr, "release:", err)
		os.Exit(1)
	}
}

// systems are those that a release is for.
var systems = []string{"windows/amd64", "windows/arm64", "darwin/arm64", "darwin/amd64", "linux/amd64", "linux/arm64"}

// billTool writes bills of materials.
const billTool = "github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@v1.9.0"

// release is what all archives of a release share.
type release struct {
	version, page string
	commit        string
	at            time.Time         // of the commit: the time of every file
	common        map[string][]byte // the files for every system, by their names
	tools         string            // a temporary folder
}

// make makes the release in a folder.
func (r *release) make(folder, only string) error {
	if err := r.identify(); err != nil {
		return err
	}
	if only != "" && !slices.Contains(systems, only) {
		return fmt.Errorf("--only %s: want one of %s", only, strings.Join(systems, ", "))
	}
	var err error
	if r.tools, err = os.MkdirTemp("", "ivp-release-"); err != nil {
		return err
	}
	defer os.RemoveAll(r.tools)
	if err := r.gather(); err != nil {
		return err
	}
	if _, err := run("GOBIN="+r.tools, "CGO_ENABLED=0", "go", "install", "-trimpath", billTool); err != nil {
		return fmt.Errorf("the tool for bills of materials: %w", err)
	}
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return err
	}
	made := map[string][]byte{}
	for _, system := range systems {
		if only == "" || only == system {
			if err := r.build(system, made); err != nil {
				return fmt.Errorf("%s: %w", system, err)
			}
		}
	}
	var sums strings.Builder
	for _, name := range slices.Sorted(maps.Keys(made)) {
		fmt.Fprintf(&sums, "%x  %s\n", sha256.Sum256(made[name]), name)
	}
	made["SHA256SUMS"] = []byte(sums.String())
	fmt.Printf("%s in %s:\n", r.identity("all systems"), folder)
	for _, name := range slices.Sorted(maps.Keys(made)) {
		if err := os.WriteFile(filepath.Join(folder, name), made[name], 0o666); err != nil {
			return err
		}
		fmt.Printf("  %10d  %s\n", len(made[name]), name)
	}
	return nil
}

var versionForm = regexp.MustCompile(`^v\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$`)

// identify finds the commit, which must be all that is built.
func (r *release) identify() error {
	const devel = "devel"
	if r.version != devel && !versionForm.MatchString(r.version) {
		return fmt.Errorf("the version is %q: want one such as v0.2.0: make release VERSION=v0.2.0", r.version)
	}
	commit, err := run("git", "show", "-s", "--format=%h %ct", "--abbrev=12", "HEAD")
	if err != nil {
		return err
	}
	hash, seconds, _ := strings.Cut(strings.TrimSpace(string(commit)), " ")
	at, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil {
		return fmt.Errorf("the time of the commit: %w", err)
	}
	r.commit, r.at = hash, time.Unix(at, 0).UTC()
	changes, err := run("GIT_OPTIONAL_LOCKS=0", "git", "status", "--porcelain")
	switch {
	case err != nil:
		return err
	case len(changes) == 0:
	case r.version != devel:
		return fmt.Errorf("a release is built from a commit, and these files differ from it or are not in it: commit or remove them first\n%s", changes)
	default:
		r.commit += " with changes"
	}
	tagged, err := run("git", "show", "-s", "--format=%h", "--abbrev=12", "refs/tags/"+r.version)
	if err == nil && strings.TrimSpace(string(tagged)) != hash {
		return fmt.Errorf("the tag %s is another commit, %s, than the one that is checked out, %s", r.version, bytes.TrimSpace(tagged), hash)
	}
	return nil
}

// identity says what the release is.
func (r *release) identity(system string) string {
	h := ivp.Published()
	return fmt.Sprintf("ivp %s, commit %s, for %s (%s); rules edition %s, SHA-256 %s", r.version, r.commit, system, runtime.Version(), h.Edition(), h.Digest())
}

// gather collects the files that are the same on every system.
func (r *release) gather() error {
	r.common = map[string][]byte{"NOTICES.txt": []byte(server.Notices())}
	for name, path := range map[string]string{"README.md": "README.md", "ivp.html": r.page} {
		text, err := os.ReadFile(path)
		if errors.Is(err, os.ErrNotExist) && path == r.page {
			return fmt.Errorf("%s is missing: build the page first, with make web", path)
		}
		if err != nil {
			return err
		}
		r.common[name] = text
	}
	pages := filepath.Join(r.tools, "man")
	program := filepath.Join(r.tools, "ivp")
	if err := r.compile(program); err != nil {
		return err
	}
	if _, err := run(program, "man", pages); err != nil {
		return err
	}
	found, err := os.ReadDir(pages)
	if err != nil {
		return err
	}
	for _, page := range found {
		if r.common["man/"+page.Name()], err = os.ReadFile(filepath.Join(pages, page.Name())); err != nil {
			return err
		}
	}
	for shell, name := range map[string]string{"bash": "ivp.bash", "zsh": "_ivp", "fish": "ivp.fish", "powershell": "ivp.ps1"} {
		if r.common["completions/"+name], err = run(program, "completion", shell); err != nil {
			return err
		}
	}
	return nil
}

// build adds the archive for a system, and its bill of materials.
func (r *release) build(system string, made map[string][]byte) error {
	goos, goarch, _ := strings.Cut(system, "/")
	name, program := strings.Join([]string{"ivp", r.version, goos, goarch}, "_"), "ivp"
	if goos == "windows" {
		program += ".exe"
	}
	path := filepath.Join(r.tools, program)
	environment := []string{"GOOS=" + goos, "GOARCH=" + goarch}
	if err := r.compile(path, environment...); err != nil {
		return err
	}
	bill, err := run(append(environment, filepath.Join(r.tools, "cyclonedx-gomod"), "bin", "-json", "-std", "-noserial", "-version", r.version, path)...)
	if err != nil {
		return err
	}
	made[name+".cdx.json"] = billTime.ReplaceAll(bill, []byte(`"timestamp": "`+r.at.Format(time.RFC3339)+`"`))
	files := maps.Clone(r.common)
	files["VERSION.txt"] = []byte(r.identity(system) + "\n")
	if files[program], err = os.ReadFile(path); err != nil {
		return err
	}
	if goos == "windows" {
		made[name+".zip"], err = r.zip(name, files)
	} else {
		made[name+".tar.gz"], err = r.tar(name, files)
	}
	return err
}

// compile builds the program.
func (r *release) compile(path string, environment ...string) error {
	_, err := run(append(environment, "CGO_ENABLED=0", "GOFLAGS=", "GOEXPERIMENT=", "GOAMD64=v1", "GOARM64=v8.0",
		"go", "build", "-trimpath", "-buildvcs=false", "-o", path, "-ldflags", fmt.Sprintf("-s -w -X 'main.release=%s' -X 'main.commit=%s'", r.version, r.commit), "./cmd/ivp")...)
	return err
}

var billTime = regexp.MustCompile(`"timestamp": "[^"]*"`)

// mode returns the permission bits of a file.
func mode(name string) int64 {
	if name == "ivp" {
		return 0o755
	}
	return 0o644
}

// zip packs files in a folder.
func (r *release) zip(folder string, files map[string][]byte) ([]byte, error) {
	var packed bytes.Buffer
	w := zip.NewWriter(&packed)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		part, err := w.CreateHeader(&zip.FileHeader{Name: folder + "/" + name, Method: zip.Deflate, Modified: r.at})
		if err != nil {
			return nil, err
		}
		if _, err := part.Write(files[name]); err != nil {
			return nil, err
		}
	}
	err := w.Close()
	return packed.Bytes(), err
}

// tar packs files in a folder.
func (r *release) tar(folder string, files map[string][]byte) ([]byte, error) {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	w := tar.NewWriter(z)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if err := w.WriteHeader(&tar.Header{Name: folder + "/" + name, Mode: mode(name), Size: int64(len(files[name])), ModTime: r.at, Format: tar.FormatUSTAR}); err != nil {
			return nil, err
		}
		if _, err := w.Write(files[name]); err != nil {
			return nil, err
		}
	}
	err := errors.Join(w.Close(), z.Close())
	return packed.Bytes(), err
}

// run runs a command, which may begin with settings of its environment, and returns its
// standard output.
func run(words ...string) ([]byte, error) {
	environment := os.Environ()
	for strings.Contains(words[0], "=") {
		environment, words = append(environment, words[0]), words[1:]
	}
	cmd := exec.Command(words[0], words[1:]...)
	var out, problems bytes.Buffer
	cmd.Env, cmd.Stdout, cmd.Stderr = environment, &out, io.Writer(&problems)
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("%s: %w\n%s", strings.Join(words, " "), err, problems.String())
	}
	return out.Bytes(), nil
}
