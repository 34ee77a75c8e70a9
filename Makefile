.PHONY: check test bench fuzz golden

check: ## what CI runs
	bash .ci/run

test:
	go test ./...

golden: ## write the golden files anew; read the difference before committing it
	go test ./cmd/ivp -run TestGolden -update

fuzz: ## each fuzzer for FUZZTIME
	bash .ci/fuzz $(or $(FUZZTIME),10s)

bench:
	go test -run '^$$' -bench . -benchmem ./ivp ./devices/...
