# The one way to do each everyday thing. `make` lists them.

SWIFT ?= swift
SUITE ?=
ARGS ?=
PROFILE ?= embedded
export SWIFT

.DEFAULT_GOAL := help
.PHONY: help run test bench soak format generate docs

help: ## List these targets.
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Build the example in release and take a tour of it on the profile 'embedded'.
	@Tests/checks/set_up.sh
	$(SWIFT) build -c release --product fieldnotes
	.build/release/fieldnotes tour --profile $(PROFILE) docs /usr/share/doc

test: ## Run every check and test; about half an hour on two cores.
	@Tests/checks/test_all.sh

bench: ## Measure every suite against its baselines, or one: make bench [SUITE=dispatch] [ARGS=--quick].
	@Tests/checks/set_up.sh
	$(SWIFT) build -c release --package-path Benchmarks --scratch-path .build-benchmarks
	$(if $(filter-out simulation,$(SUITE)),,$(SWIFT) build -c release --product fieldnotes-simulate)
	$(if $(filter simulation,$(SUITE)),,.build-benchmarks/release/aura-bench run $(SUITE) $(ARGS))
	$(if $(filter-out simulation,$(SUITE)),,.build-benchmarks/release/aura-bench-simulation run $(SUITE) $(ARGS))

soak: ## Run the tests with the counts of a long run: 100 kills, 100 interrupts, 20,000 sequences, 2,000 seeds, 8 sabotages.
	@Tests/checks/set_up.sh
	$(SWIFT) build -c release --product fieldnotes-simulate
	# A process keeps what its crashed nodes held: a hundred seeds are some gigabytes.
	for from in $$(seq 0 100 1900); do \
	    .build/release/fieldnotes-simulate --nodes 5 --writers 20 --from $$from --seeds 100 --faults all || exit 1; \
	done
	Tests/checks/sabotage.py 100
	AURA_SOAK=1 $(SWIFT) test --enable-all-traits --experimental-maximum-parallelization-width 2

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
