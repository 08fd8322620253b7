#!/usr/bin/env bash
# Everything that `make test` does, a step at a time, each with how long it took.
set -euo pipefail
cd "$(dirname "$0")/../.."

swift=${SWIFT:-swift}
log=.build/test.log
# What has other traits than the tests, or depends on this package. What other packages bring is compiled once in a folder: CI,
# which builds nothing afterwards, has one for all; elsewhere the tests' folder stays as the tests need it.
others=.build-others
export AURA_WARNINGS_AS_ERRORS=1
export AURA_BUILD_OPTIONS=
if [[ ${CI-} ]]; then
    others=.build
    # What an editor asks for the places of names.
    AURA_BUILD_OPTIONS=--disable-index-store
fi

# The log of the tests that run: a step that fails ends with what it says about them.
told_by=

step() {
    local name=$1 start=$SECONDS
    shift
    echo "=== $name"
    told_by=
    if ! "$@"; then
        echo "=== $name failed after $((SECONDS - start)) s" >&2
        if [[ $told_by ]]; then Tests/checks/failures.py "$told_by"; fi
        exit 1
    fi
    echo "=== $name: $((SECONDS - start)) s"
}

lint() {
    "$swift" format lint --strict --parallel --recursive \
        Package.swift Sources Handlers Tests docs/examples Benchmarks/Package.swift Benchmarks/Sources
}

# The tests are those of every backend.
build_tests() {
    "$swift" build $AURA_BUILD_OPTIONS --build-tests --enable-all-traits --quiet
}

# Two tests at a time: many of them keep both cores busy or wait for processes, and a law that gets no turn fails.
run_tests() {
    told_by=$log
    "$swift" test $AURA_BUILD_OPTIONS --skip-build --enable-all-traits \
        --experimental-maximum-parallelization-width 2 2>&1 | tee "$log"
}

# A package of its own, as a user's is: what is not public it cannot use.
test_example() {
    "$swift" build $AURA_BUILD_OPTIONS --package-path "$1" --scratch-path "$others" --build-tests --quiet || return
    told_by=$others/example.log
    "$swift" test $AURA_BUILD_OPTIONS --package-path "$1" --scratch-path "$others" --skip-build \
        --experimental-maximum-parallelization-width 2 2>&1 | tee "$told_by" || return
    Tests/checks/count_skipped.py "$told_by"
}

step "set-up" Tests/checks/set_up.sh
step "lint" lint
step "the checks can fail" Tests/checks/test_checks.py
step "checks of the sources" Tests/checks/check_sources.py
step "build with every trait, warnings are errors" build_tests
step "libraries with every trait" Tests/checks/traits.py check .build
step "what is generated is fresh" Sources/Generators/generate.sh --check
step "tests" run_tests
step "no test skipped" Tests/checks/count_skipped.py "$log"
# Macros first: a build without them removes swift-syntax from the folder.
for manifest in $(grep -l '"Macros"' docs/examples/*/Package.swift) $(grep -L '"Macros"' docs/examples/*/Package.swift); do
    step "the example ${manifest%/*}" test_example "${manifest%/*}"
done
step "without traits, and each trait alone" Tests/checks/traits.py build "$others"
echo "=== all passed in $((SECONDS / 60)) min $((SECONDS % 60)) s"
