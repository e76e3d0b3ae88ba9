# `make` alone lists what there is.
.DEFAULT_GOAL := help
SHELL := /bin/bash
MAKEFLAGS += --no-print-directory

VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
GO_BUILD := CGO_ENABLED=0 go build -buildvcs=false -trimpath -ldflags "-s -w -X pasokh/app/boot.version=$(VERSION)"

# make bench BENCH=Booking PACKAGES=./scheduler/...
BENCH ?= .
PACKAGES ?= ./...
# make chaos CHAOS_OPS=2000 CHAOS_SEED=7
CHAOS_OPS ?= 10000
# make fuzz FUZZTIME=10m PACKAGES=./app/persian
FUZZTIME ?= 30s

.PHONY: help run demo build test check lint gen gen-check bench chaos mutants fuzz doctor clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

run: build ## start Pasokh with the demonstration data, in ./data
	@[ -n "$$PASOKH_DATA" ] || mkdir -p data
	PASOKH_DEMO=1 exec bin/pasokh serve

demo: build ## fill ./data with the demonstration tenants, without starting
	@[ -n "$$PASOKH_DATA" ] || mkdir -p data
	bin/pasokh demo

build: ## build bin/pasokh
	-@.ci/need certificates
	$(GO_BUILD) -o bin/pasokh ./app

test: ## run all tests: race detector, both databases, browser; fetches what is missing
	@.ci/need certificates compiler postgresql redis browser fonts khal
	@.ci/services .ci/test

check: ## lint and test, as the continuous integration does
	@.ci/run

lint: ## read the code: formatting, generated files, pins, linters
	@.ci/lint

gen: ## generate Go from the templ files
	go tool templ generate

gen-check: ## fail when a generated or vendored file differs from its source
	@.ci/gen-check

bench: build ## measure the hot paths, then the benchmarks, on PostgreSQL and Redis (BENCH=, PACKAGES=)
	@.ci/need certificates postgresql redis
	@.ci/services go run ./app/bench
	@.ci/services go test -run '^$$' -bench '$(BENCH)' -benchmem -p 1 $(PACKAGES)

chaos: ## kill app, workers, Redis and PostgreSQL under load and count what is lost (CHAOS_OPS=, CHAOS_SEED=)
	@.ci/need certificates postgresql redis
	CHAOS_OPS=$(CHAOS_OPS) go test ./app/killtest -count=1 -v -timeout 40m

mutants: ## take one guard away at a time; every one must be noticed by the tests (ONLY=)
	@.ci/need certificates postgresql redis
	@.ci/services go run ./app/mutants -only '$(ONLY)'

fuzz: ## try every parser with made-up input, one after another (FUZZTIME=, PACKAGES=)
	@set -e; for p in $$(go list -f '{{if or .TestGoFiles .XTestGoFiles}}{{.ImportPath}}{{end}}' $(PACKAGES)); do \
		for f in $$(cd $$(go list -f '{{.Dir}}' $$p) && sed -n 's/^func \(Fuzz[A-Za-z0-9_]*\)(f .*/\1/p' *_test.go); do \
			echo "$$p $$f"; go test $$p -run '^$$' -fuzz "^$$f\$$" -fuzztime $(FUZZTIME); \
		done; \
	done

doctor: build ## check configuration, database, Redis and senders
	bin/pasokh doctor

clean: ## remove what was built; ./data stays
	rm -rf bin tmp
	find . -name '*.test' -type f -not -path './.git/*' -delete
