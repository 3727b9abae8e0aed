# Everything here needs Go and make; race also needs a C compiler. What the
# tests want beyond that is brought by tools/setup, or skipped aloud.

BIN       := bin/fetchbench
TOOL      := go tool -modfile=tools/go.mod
PUBLISHED := results/published/article-go
FUZZTIME  := 10s
export SCALE ?= 1
SOAK      ?= 10m
CHAOS     ?= 50

# Debian keeps servers such as nginx here, off the path of ordinary users.
export PATH := $(PATH):/usr/sbin
# The program and its tests are pure Go; only the race detector is not.
export CGO_ENABLED := 0

.DEFAULT_GOAL := help
.PHONY: help build bench bench-article article coverage-study gobench setup test race cover golden fuzz soak chaos promises readme readme-runs lint cross clean

help: ## show what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## build bin/fetchbench
	@mkdir -p bin
	go build -trimpath -o $(BIN) ./cmd/fetchbench

bench: build ## the main job at a tenth of the article's latencies, about 10 s
	./$(BIN) run -s sequential,goroutines,pool:4 --profile article --scale 0.1

# The published run is replaced only by one that ended well.
bench-article: build ## the main job at full scale, about a minute, into results/published
	rm -rf bin/article-go
	mkdir -p bin/article-go $(dir $(PUBLISHED))
	./$(BIN) run -s sequential,goroutines --profile article --out bin/article-go --csv bin/article-go/trials.csv > bin/article-go/table.txt
	cat bin/article-go/table.txt
	rm -rf $(PUBLISHED)
	mv bin/article-go $(PUBLISHED)

article: build ## Flask, Python, Node, curl and Go in one table, six minutes; SCALE=0.1 to try
	tools/article

# On one processor: the collection of garbage between trials waits for others.
coverage-study: export GOMAXPROCS := 1
coverage-study: export COVERAGE_STUDY := 2000
coverage-study: ## simulate thousands of runs for the table of docs/statistics.md, ten minutes
	go test ./bench -run 'CoverageStudy|Drift' -v -count=1 -timeout 2h

gobench: ## the Go benchmarks; save two outputs and compare them with benchstat
	go test -run '^$$' -bench . -benchmem ./bench

setup:
	@tools/setup

test: setup ## set up and pass every test
	go test ./...

race: export CGO_ENABLED := 1
race: export GORACE := atexit_sleep_ms=0
race: setup ## every test under the race detector (needs a C compiler)
	go test -race ./...

cover: setup ## which lines the tests reach, in bin/cover.html
	@mkdir -p bin
	go test -coverprofile=bin/cover.out ./...
	go tool cover -html=bin/cover.out -o bin/cover.html
	go tool cover -func=bin/cover.out | tail -n 1

golden: ## the statistics against vectors from R, scipy and others
	go test ./results/stats -run Golden -v -count=1

fuzz: ## each fuzz target for FUZZTIME=10s
	@tools/fuzz $(FUZZTIME)

# Short forms of both are part of make test.
soak: export SOAK := $(SOAK)
soak: ## run whatever can be put together for SOAK=10m; a million requests: what is held stays flat
	go test ./bench ./cmd/fetchbench -run 'Soak' -v -count=1 -timeout 0

chaos: export CHAOS := $(CHAOS)
chaos: ## kill runs CHAOS=50 times, fail each dial and write, fill the disk: nothing is lost
	go test ./bench ./cmd/fetchbench ./results ./results/report -run 'Chaos|Kill' -v -count=1 -timeout 0

promises: ## try what docs/reliability.md promises, and write down how that went
	go test -count=1 -run 'TestR[0-9]+' -json ./... > bin/promises.json || true
	PROMISES=../bin/promises.json go test ./docs -count=1 -run PromisesAreWritten
	go test ./docs -count=1 -run PromisesHaveTests

readme: build ## the outputs and pictures of README.md, anew from the runs that are kept
	go run ./docs/pictures

readme-runs: build ## the same from runs made anew, some minutes on a quiet machine
	go run ./docs/pictures -measure

lint: ## vet, gofumpt and the linters of .golangci.yml (first build: minutes)
	go vet ./...
	@unformatted="$$($(TOOL) gofumpt -l .)" && test -z "$$unformatted" || { echo "lint: run gofumpt -w on: $$unformatted" >&2; exit 1; }
	$(TOOL) golangci-lint run ./...

cross: ## vet it for macOS and Windows, which compiles tests and all
	GOOS=darwin go vet ./...
	GOOS=windows go vet ./...

clean: ## remove what make built
	rm -rf bin
