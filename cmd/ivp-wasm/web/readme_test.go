package main

import (
	"flag"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/mp196/ivp/cmd/internal/testkit"
)

var _ = flag.Bool("update", false, "write what the examples print into the help topics")

const topics = "../../ivp/docs/"

// TestReadmeModules runs the examples of the help topics for Node.js, in a folder with
// dist/web and testdata, as in a clone, in which the package is installed.
func TestReadmeModules(t *testing.T) {
	runs := node(t)
	clone := t.TempDir()
	testdata, err := filepath.Abs("../../../testdata")
	require.NoError(t, err)
	require.NoError(t, os.Mkdir(filepath.Join(clone, "dist"), 0o777))
	require.NoError(t, os.Symlink(builtFolder(t), filepath.Join(clone, "dist", "web")))
	require.NoError(t, os.Symlink(testdata, filepath.Join(clone, "testdata")))
	require.NoError(t, os.MkdirAll(filepath.Join(clone, "node_modules", "@mp196"), 0o777))
	require.NoError(t, os.Symlink(builtFolder(t), filepath.Join(clone, "node_modules", "@mp196", "ivp"))) // as npm install does
	for _, example := range slices.Backward(testkit.Examples(t, topics+"javascript.md", "js")) {
		file := filepath.Join(clone, "example.mjs")
		require.NoError(t, os.WriteFile(file, []byte(example.Code), 0o600))
		cmd := exec.Command(runs, "--no-warnings", file)
		cmd.Dir = clone
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, string(out))
		example.Settle(t, string(out))
	}
}

// TestReadmePage puts the page of the help topic into the folder, gives it the
// inventory and reads what it shows.
func TestReadmePage(t *testing.T) {
	p := open(t, "worker")
	for _, example := range slices.Backward(testkit.Examples(t, topics+"page.md", "html")) {
		pages := http.NewServeMux()
		pages.HandleFunc("GET /own.html", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			fmt.Fprint(w, example.Code)
		})
		pages.Handle("/", http.FileServer(http.Dir(builtFolder(t))))
		own := serve(t, pages)
		file, err := filepath.Abs(inventory)
		require.NoError(t, err)
		p.do(chromedp.Navigate(own.URL+"/own.html"), chromedp.SetUploadFiles(chromedp.CSS("#file"), []string{file}))
		p.until(`document.getElementById('counts').value !== ''`)
		example.Settle(t, p.text("#counts")+"\n")
	}
}
