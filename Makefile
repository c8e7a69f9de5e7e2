# The one door to the project: make help.

GO          ?= go
STATICCHECK  = honnef.co/go/tools/cmd/staticcheck@v0.8.2
ACTIONLINT   = github.com/rhysd/actionlint/cmd/actionlint@v1.7.12
GOVULNCHECK  = golang.org/x/vuln/cmd/govulncheck@v1.9.0
FUZZ        ?= 1
VERSION     ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo unversioned)
export CGO_ENABLED ?= 0

.PHONY: help
help: ## show what can be made
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: build
build: bin/glusterd-shares ## build bin/glusterd-shares

.PHONY: bin/glusterd-shares
bin/glusterd-shares:
	@$(GO) build -trimpath -ldflags '-X main.version=$(VERSION)' -o $@ ./cmd/glusterd-shares

.PHONY: demo
demo: build ## the main job in the embedded sandbox: plan, apply, nothing to do, drift, repair
	@examples/demo.sh bin/glusterd-shares

.PHONY: test
test: ## all tests that need neither root nor Gluster
	@CGO_ENABLED=$(if $(RACE),1,0) test/gotest.sh $(if $(RACE),-race) ./...

.PHONY: lint
lint: ## gofmt, vet, staticcheck; known vulnerabilities where their list can be had
	@unformatted=$$(gofmt -l $$(git ls-files '*.go')); test -z "$$unformatted" || { echo "not gofmt-ed:"; echo "$$unformatted"; exit 1; }
	@$(GO) vet ./... && $(GO) vet -tags e2e ./...
	@$(GO) run $(STATICCHECK) ./... && $(GO) run $(STATICCHECK) -tags e2e ./...
	@test/ci/lint.sh $(GO) run $(ACTIONLINT)
	@test/vulncheck.sh $(GO) run $(GOVULNCHECK) ./...
	@echo "lint: clean"

.PHONY: packaging
packaging: ## where systemd is installed: have it check the unit
	@test/packaging.sh

.PHONY: fuzz
fuzz: ## each fuzz target on thousands of inputs, times FUZZ (1)
	@test/fuzz.sh $(FUZZ)

.PHONY: faults
faults: ## the laws of safety, under every fault and with each of them broken on purpose, in the sandbox
	@FAULTS=all test/gotest.sh -count=1 -timeout 60m ./test/faults

.PHONY: faults-gluster
faults-gluster: ## as root on Debian 12: the laws of safety under faults, on a real Gluster with real NFS clients
	@test/e2e/faults.sh

.PHONY: soak
soak: ## 10,000 random changes of file and cluster under the daemon, in the sandbox
	@SOAK=10000 $(GO) test -count=1 -timeout 60m -v -run '^TestSoak$$' ./test/flow

.PHONY: bench
bench: ## benchmarks of what needs no Gluster; docs/performance.md has the table
	@$(GO) test -run '^$$' -bench . -benchmem ./...

.PHONY: bench-gluster
bench-gluster: build ## as root on Debian 12: against bare commands on a real Gluster
	@test/e2e/bench.sh bin/glusterd-shares

.PHONY: generate
generate: ## write the schema, the reference and all golden files anew
	@$(GO) test $$(grep -rl '"update"' --include='*_test.go' cmd pkg test/contract | xargs -n1 dirname | sort -u | sed 's#^#./#') -update
	@git status --short

.PHONY: contract
contract: ## as root on Debian 12: hold the sandbox and a real Gluster equal
	@test/e2e/contract.sh

.PHONY: e2e
e2e: ## as root on Debian 12: the suite on a real Gluster with real NFS clients
	@test/e2e/run.sh

.PHONY: demo-gluster
demo-gluster: build ## as root on Debian 12: the demo on a real Gluster
	@test/e2e/demo.sh bin/glusterd-shares

.PHONY: clean
clean: ## remove what was built
	@rm -rf bin
