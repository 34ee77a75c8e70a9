package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"html"
	"path"
	"regexp"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// singleName is the name of the page as one file.
const singleName = "ivp.html"

// single returns the page as one file, with its style, its scripts and the
// WebAssembly in it. It makes no request, so that it works when it is opened from a
// folder, a share or an e-mail. files are the files of the page, wasm is the
// WebAssembly.
func single(files map[string][]byte, wasm []byte) ([]byte, error) {
	script, err := bundle(files, "page.mjs", api.FormatESModule, "")
	if err != nil {
		return nil, err
	}
	worker, err := bundle(files, "worker.mjs", api.FormatIIFE, moduleFromPage)
	if err != nil {
		return nil, err
	}
	var packed bytes.Buffer
	w, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	w.Write(wasm) // to memory
	w.Close()
	script = "\n" + script
	policy := fmt.Sprintf("default-src 'none'; script-src 'sha256-%s' 'wasm-unsafe-eval'; worker-src blob:; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'", digest(script))
	p := pageText{text: string(files["index.html"])}
	p.replace(`(http-equiv="Content-Security-Policy" content=)"[^"]*"`, "${1}"+`"`+policy+`"`)
	p.replace(`<link rel="stylesheet" href="style.css">`, "<style>\n"+literal(string(files["style.css"])))
	p.replace(`<link rel="stylesheet" href="page.css">\n`, literal(string(files["page.css"]))+"</style>\n")
	p.replace(`<script type="module" src="page.mjs"></script>\n`, "")
	p.replace(`<a href="NOTICES.txt">(.*)</a>`, "</p><details><summary>$1</summary><pre>"+literal(html.EscapeString(string(files["NOTICES.txt"])))+"</pre></details><p>")
	p.replace(`</body>`, `<script type="text/plain" id="worker">`+literal(worker)+"</script>\n"+
		`<script type="application/gzip" id="wasm">`+base64.StdEncoding.EncodeToString(packed.Bytes())+"</script>\n"+
		`<script type="module">`+literal(script)+"</script>\n</body>")
	return []byte(p.text), p.err
}

// moduleFromPage makes a worker take the WebAssembly from a message of the page.
const moduleFromPage = `self.ivpModule = new Promise((resolve) => {
  self.addEventListener('message', function module(event) {
    if (!(event.data instanceof WebAssembly.Module)) return;
    event.stopImmediatePropagation();
    self.removeEventListener('message', module);
    resolve(event.data);
  });
});`

// pageText is the text of a page in which parts are replaced.
type pageText struct {
	text string
	err  error
}

// replace replaces the one part that matches the pattern.
func (p *pageText) replace(pattern, by string) {
	found := regexp.MustCompile(pattern)
	if n := len(found.FindAllString(p.text, -1)); n != 1 {
		p.err = errors.Join(p.err, fmt.Errorf("index.html has %d times %s, where one was expected", n, pattern))
	}
	p.text = found.ReplaceAllString(p.text, by)
}

// literal returns a text as it is written in a replacement.
func literal(text string) string { return strings.ReplaceAll(text, "$", "$$") }

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// bundle returns the module of the given name with all that it imports, as one script.
// It is not made shorter, so that anyone can read it. before is put before it.
func bundle(files map[string][]byte, name string, format api.Format, before string) (string, error) {
	const here = "page"
	built := api.Build(api.BuildOptions{
		EntryPoints: []string{name}, Bundle: true, Format: format, Charset: api.CharsetUTF8, Platform: api.PlatformBrowser, Target: api.ES2022,
		External: []string{"node:*"}, Banner: map[string]string{"js": before}, LogLevel: api.LogLevelSilent, LogOverride: map[string]api.LogLevel{"empty-import-meta": api.LogLevelSilent},
		Plugins: []api.Plugin{{Name: here, Setup: func(b api.PluginBuild) {
			b.OnResolve(api.OnResolveOptions{Filter: `^[^:]*$`}, func(args api.OnResolveArgs) (api.OnResolveResult, error) {
				return api.OnResolveResult{Path: path.Base(args.Path), Namespace: here}, nil
			})
			b.OnLoad(api.OnLoadOptions{Filter: `.*`, Namespace: here}, func(args api.OnLoadArgs) (api.OnLoadResult, error) {
				text, known := files[args.Path]
				if !known {
					return api.OnLoadResult{}, fmt.Errorf("there is no file %s", args.Path)
				}
				content := string(text)
				return api.OnLoadResult{Contents: &content, Loader: api.LoaderJS}, nil
			})
		}}},
	})
	if faults := append(built.Errors, built.Warnings...); len(faults) > 0 {
		return "", fmt.Errorf("%s: %s", name, strings.Join(api.FormatMessages(faults, api.FormatMessagesOptions{}), "\n"))
	}
	return string(built.OutputFiles[0].Contents), nil
}
