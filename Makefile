# Works on a fresh Debian with Go, make and git; what else is needed is
# installed by tools/need.sh.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:

VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)

# No C compiler is needed, and builds, tests and tools share one build cache.
export CGO_ENABLED := 0

.PHONY: help
help: ## Print this list
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-10s %s\n", $$1, $$2 }'

# ---- run and build ---------------------------------------------------------

.PHONY: run
run: build ## Build and start in demo mode on http://localhost:8080
	bin/plexydash serve

.PHONY: build
build: assets ## Build bin/plexydash
	go build -trimpath -ldflags '-s -w -X main.version=$(VERSION)' -o bin/plexydash .

.PHONY: generate
generate: ## Write *_templ.go from the .templ files
	go tool templ generate

# ---- browser files: pinned by package-lock.json, copied to static/dist -----

SUBSETS := latin latin-ext cyrillic cyrillic-ext
GOLOS := $(SUBSETS:%=static/dist/fonts/golos-text-%.woff2)
MONO := static/dist/fonts/jetbrains-mono-latin.woff2
LICENSES := $(addprefix static/dist/licenses/,htmx.txt golos-text.txt jetbrains-mono.txt)
DIST := static/dist/htmx.js $(GOLOS) $(MONO) $(LICENSES)

.PHONY: assets
assets: $(DIST) ## Install htmx and the fonts into static/dist

node_modules/.installed: package.json package-lock.json .npmrc
	@tools/need.sh npm nodejs npm
	npm ci --ignore-scripts
	@touch $@

COPY = @mkdir -p $(@D) && install -m 644 $(1) $@

static/dist/htmx.js: node_modules/.installed
	$(call COPY,node_modules/htmx.org/dist/htmx.min.js)

static/dist/fonts/golos-text-%.woff2: node_modules/.installed
	$(call COPY,node_modules/@fontsource-variable/golos-text/files/golos-text-$*-wght-normal.woff2)

static/dist/fonts/jetbrains-mono-%.woff2: node_modules/.installed
	$(call COPY,node_modules/@fontsource/jetbrains-mono/files/jetbrains-mono-$*-400-normal.woff2)

static/dist/licenses/htmx.txt: node_modules/.installed
	$(call COPY,node_modules/htmx.org/LICENSE)

static/dist/licenses/jetbrains-mono.txt: node_modules/.installed
	$(call COPY,node_modules/@fontsource/jetbrains-mono/LICENSE)

static/dist/licenses/%.txt: node_modules/.installed
	$(call COPY,node_modules/@fontsource-variable/$*/LICENSE)

# ---- checks ----------------------------------------------------------------

.PHONY: test
test: assets chromium strace promtool ## Check generated code, vet, and run every test, browser included
	go tool templ generate -check
	go vet ./...
	go test -timeout 20m ./...

.PHONY: e2e
e2e: assets chromium ## Run only the browser journeys
	go test -count=1 -run '^TestDemo$$' .

# make prove SEED=… repeats the storms that a seed names; FUZZ=10s is shorter.
FUZZ := 60s

.PHONY: prove
prove: assets strace ## Prove at length that nothing is paid twice and nothing is lost
	@echo "== The rules: 1,000,000 simulated payments, every fault, crash and decision. Paid twice, lost, contradicted: 0"
	go test ./distribution -count=1 -v -run Simulator -timeout 30m -sim.payments=1000000
	@echo "== The program: 2,000 distributions through 200 times kill -9; every crash point; two programs on one database for a minute; a backup restored that lacks 200; kills at every fsync and every 7th pwrite of a send, disks that refuse each fsync, and kills at every fsync of an upgrade; 5,000 power cuts"
	go test . -count=1 -v -run '^TestProgramUnderFire$$' -timeout 60m -prove.seed=$(or $(SEED),0) \
		-prove.distributions=2000 -prove.kills=200 -prove.together=60s -prove.lost=200 \
		-prove.stride=1 -prove.cuts=5000 -prove.locked=30s
	@echo "== The readers of what others write: $(FUZZ) of each fuzz target"
	@git ls-files '*_test.go' | xargs grep -HoE '^func Fuzz[A-Za-z0-9]+' | while IFS=: read -r file target; do \
		echo "go test ./$$(dirname "$$file") -fuzz $${target#func }"; \
		go test "./$$(dirname "$$file")" -run '^$$' -fuzz "^$${target#func }$$" -fuzztime $(FUZZ) < /dev/null; \
	done

.PHONY: race
race: assets chromium strace promtool ## Run every test under the race detector (slow)
	@tools/need.sh gcc gcc libc6-dev
	CGO_ENABLED=1 go test -race ./...

.PHONY: bench
bench: assets ## Let 200 people sign in at once: memory at most, and how long lists take meanwhile
	go test -run '^$$' -bench SignIns -benchtime 1x .

.PHONY: lint
lint: ## Run golangci-lint at the version of tools/go.mod
	go tool -modfile=tools/go.mod golangci-lint run

.PHONY: fmt
fmt: ## Format Go and templ files
	go tool -modfile=tools/go.mod golangci-lint fmt
	@# With a prettier on PATH the result would differ from machine to machine.
	go tool templ fmt -prettier-command=no-prettier .

.PHONY: chromium
chromium:
	@tools/need.sh chromium chromium

.PHONY: strace
strace:
	@tools/need.sh strace strace

.PHONY: promtool
promtool:
	@tools/promtool.sh

.PHONY: clean
clean: ## Remove what make built and installed; keeps ./data
	rm -rf bin node_modules
	find static/dist -mindepth 1 ! -name README -delete
