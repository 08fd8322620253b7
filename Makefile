# The one way to do each everyday thing. `make` lists them.

SWIFT ?= swift
SUITE ?=
ARGS ?=
PROFILE ?= embedded
# Not within '.aura', which none but its owner may enter: the server has a user of its own.
SERVER ?= .aura-postgresql
export SWIFT

postgresql := Handlers/PostgreSQL/Server/postgresql
# The program that has the suite; all of them where none is named.
benches := $(if $(SUITE),aura-bench$(addprefix -,$(patsubst journal-%,%,$(filter aws crypto simulation network http journal-postgresql,$(SUITE)))),\
    aura-bench aura-bench-simulation aura-bench-network aura-bench-http aura-bench-postgresql aura-bench-crypto aura-bench-aws)

.DEFAULT_GOAL := help
.PHONY: help run stop test bench soak fuzz record format generate docs

help: ## List these targets.
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Build the example in release and take a tour of it on the profile 'embedded', or make run PROFILE=server.
	@Tests/checks/set_up.sh
ifeq ($(PROFILE),server)
	$(SWIFT) build -c release --traits SQLite,PostgreSQL --product fieldnotes
	@$(postgresql) start $(SERVER) --tls
	. $(SERVER)/environment && .build/release/fieldnotes tour --profile server docs /usr/share/doc
	@echo
	@echo "PostgreSQL goes on running; its data and its log are in $(SERVER)."
	@echo "  . $(SERVER)/environment           # then 'fieldnotes … --profile server' finds it"
	@echo "  $(postgresql) sql $(SERVER)       # its own prompt"
	@echo "  make stop$(if $(filter-out file,$(origin SERVER)), SERVER=$(SERVER))                         # stops it; 'make run PROFILE=server' goes on from there"
	@echo "  $(postgresql) stop $(SERVER) --remove   # stops it and removes its data"
else
	$(SWIFT) build -c release --product fieldnotes
	.build/release/fieldnotes tour --profile $(PROFILE) docs /usr/share/doc
endif

stop: ## Stop the PostgreSQL that 'make run PROFILE=server' started. Its data stay.
	@$(postgresql) stop $(SERVER)

test: ## Run every check and test; some 50 minutes on two cores.
	@Tests/checks/test_all.sh

bench: ## Measure every suite against its baselines, or one: make bench [SUITE=dispatch] [ARGS=--quick].
	@Tests/checks/set_up.sh
	$(SWIFT) build -c release --package-path Benchmarks --scratch-path .build-benchmarks
	$(if $(filter simulation,$(or $(SUITE),simulation)),$(SWIFT) build -c release --product fieldnotes-simulate)
	$(foreach bench,$(benches),.build-benchmarks/release/$(bench) run $(SUITE) $(ARGS) &&) true

soak: ## Run the tests with the counts of a long run: 100 kills, 100 interrupts, 20,000 sequences, 2,000 seeds, 8 sabotages, a minute of fuzzing each parser.
	@Tests/checks/set_up.sh
	$(SWIFT) build -c release --product fieldnotes-simulate
	# A process keeps what its crashed nodes held: a hundred seeds are some gigabytes.
	for from in $$(seq 0 100 1900); do \
	    .build/release/fieldnotes-simulate --nodes 5 --writers 20 --from $$from --seeds 100 --faults all || exit 1; \
	done
	Tests/checks/sabotage.py 100
	Tests/checks/fuzz.sh 60
	# As it is shipped: what the optimizer lets happen, a build for debugging does not.
	AURA_SOAK=1 Tests/checks/tested.sh test -c release -Xswiftc -enable-testing --scratch-path .build-soak \
	    --experimental-maximum-parallelization-width 2

fuzz: ## Feed the parsers of frames, key files and time packets with made inputs: make fuzz [SECONDS=60] [TARGET=frames].
	@Tests/checks/set_up.sh
	Tests/checks/fuzz.sh $(or $(SECONDS),60) $(TARGET)

record: ## Record anew the exchanges with AWS's services that tests replay.
	@Tests/checks/set_up.sh
	AURA_RECORD=1 Tests/checks/tested.sh test --filter RecordedExchangeTests

format: ## Bring every Swift file into the repository's format.
	$(SWIFT) format format --in-place --parallel --recursive \
		Package.swift Sources Handlers Tests docs/examples Benchmarks/Package.swift Benchmarks/Sources

generate: ## Write anew what is generated: sources, the page of all handlers, the list of the public API.
	@Tests/checks/set_up.sh
	Sources/Generators/generate.sh

docs: ## Build the API documentation as a site in .build/docs.
	@Tests/checks/set_up.sh
	AURA_DOCS=1 $(SWIFT) package --enable-all-traits --allow-writing-to-directory .build/docs generate-documentation \
		$$(Tests/checks/package.py libraries | sed 's/^/--target /') --enable-experimental-combined-documentation \
		--transform-for-static-hosting --output-path .build/docs
