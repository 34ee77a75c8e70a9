module github.com/mp196/ivp

go 1.26.0

require (
	// profiles and configurations: it says the line of a fault, and is small
	github.com/BurntSushi/toml v1.6.0
	// "did you mean" for headings and keys: one function
	github.com/agnivade/levenshtein v1.2.2
	// *.csv and **, where the shell leaves them: the standard library has no **
	github.com/bmatcuk/doublestar/v4 v4.10.4
	// tests only: the browser's own messages, which chromedp speaks
	github.com/chromedp/cdproto v0.159.0
	// tests only: pages in a real Chromium, driven from Go
	github.com/chromedp/chromedp v0.23.0
	// builds ivp.html: its modules as one script
	github.com/evanw/esbuild v0.28.2
	// listings: tagged structs as CSV; and the way from rows to structs of an importer's own
	github.com/gocarina/gocsv v0.0.0-20240520201108-78e41c74b4b1
	// .gz and .zst in and out, and the packing of workbooks: the standard library has no zstd
	github.com/klauspost/compress v1.20.3
	// tests only: rules files against their JSON Schema, draft 2020-12 with formats
	github.com/santhosh-tekuri/jsonschema/v6 v6.0.3
	// commands, help, completion in four shells, "did you mean"
	github.com/spf13/cobra v1.10.2
	// flags, and the help in groups: what cobra works with
	github.com/spf13/pflag v1.1.0
	// tests only: assertions that show what differs, and where
	github.com/stretchr/testify v1.12.1
	// writes workbooks as a stream, and reads them in tests; devices/xlsx says why it does not read inventories
	github.com/xuri/excelize/v2 v2.11.1
	// Linux: gives back the pages of a very large output; Windows: colours on the console
	golang.org/x/sys v0.49.0
	// whether a stream is a terminal, and its width
	golang.org/x/term v0.47.0
	// UTF-16 and Windows-1252
	golang.org/x/text v0.43.0
	// tests only: a golden case is one page, a txtar archive
	golang.org/x/tools v0.52.0
	// tests only: properties over generated cases, with the smallest failing case
	pgregory.net/rapid v1.3.0
)

require (
	github.com/go-json-experiment/json v0.0.0-20260213210345-44df1a37e875 // indirect
	github.com/inconshreveable/mousetrap v1.1.0 // indirect
	github.com/richardlehane/mscfb v1.0.9 // indirect
	github.com/richardlehane/msoleps v1.0.6 // indirect
	github.com/tiendc/go-deepcopy v1.7.2 // indirect
	github.com/xuri/efp v0.0.3-0.20260924042702-217b81952dec // indirect
	github.com/xuri/nfp v0.0.2-0.20250530014748-2ddeb826f9a9 // indirect
	go.yaml.in/yaml/v3 v3.0.5 // indirect
	golang.org/x/crypto v0.58.0 // indirect
	golang.org/x/net v0.62.0 // indirect
)
