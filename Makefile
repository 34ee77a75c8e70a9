.PHONY: check test bench bench-micro fuzz golden web release

check: ## what CI runs
	bash .ci/run

test:
	go test ./...

golden: ## rewrite the golden files and the examples of README and help topics; read the difference before you commit it
	go test ./cmd/ivp -run 'TestGolden|Readme' -update

fuzz: ## each fuzzer for FUZZTIME
	bash .ci/fuzz $(or $(FUZZTIME),10s)

bench: ## compare ivp check with other programs: see testdata/bench/README.md
	go run ./testdata/bench/run

bench-micro: ## the Go benchmarks
	go test -run '^$$' -bench . -benchmem ./ivp ./devices/...

web: ## the page and the module as WebAssembly, for any static host, in dist/web
	go run ./cmd/ivp-wasm/web

release: web ## the archives of a release, in dist/VERSION: make release VERSION=v0.2.0
	go run ./cmd/ivp/release --version "$(VERSION)"
