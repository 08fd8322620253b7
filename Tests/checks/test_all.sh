#!/usr/bin/env bash
# Everything that `make test` does, a step at a time, each with how long it took.
set -euo pipefail
cd "$(dirname "$0")/../.."

swift=${SWIFT:-swift}
log=.build/test.log
variants=.build-variants
export AURA_WARNINGS_AS_ERRORS=1

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
    Tests/checks/tested.sh build --build-tests --quiet
}

# Two tests at a time: many of them keep both cores busy or wait for processes, and a law that gets no turn fails. What hangs
# is ended, so that the log tells where.
run_tests() {
    told_by=$log
    timeout 4000 Tests/checks/tested.sh test --skip-build --experimental-maximum-parallelization-width 2 2>&1 | tee "$log"
}

# Tests wait much and leave time to the compiler, which takes none that they need: idle, since SwiftPM undoes what is merely nice.
start_variants() {
    mkdir -p "$variants"
    setsid chrt --idle 0 Tests/checks/variants.sh &>"$variants/build.log" &
    building=$!
    trap 'kill -- "-$building" 2>/dev/null' EXIT
}

end_variants() {
    local status=0
    wait "$building" || status=$?
    trap - EXIT
    cat "$variants/build.log"
    return "$status"
}

test_example() {
    told_by=$variants/test.log
    "$swift" test --package-path "$1" --scratch-path "$variants" --skip-build \
        --experimental-maximum-parallelization-width 2 2>&1 | tee "$told_by" || return
    Tests/checks/count_skipped.py "$told_by"
}

step "set-up" Tests/checks/set_up.sh
step "a time server for the tests" Handlers/System/Server/chrony fetch
step "lint" lint
step "the checks can fail" Tests/checks/test_checks.py
step "checks of the sources" Tests/checks/check_sources.py
step "build, warnings are errors" build_tests
step "libraries with every trait" Tests/checks/traits.py .build/debug
step "what is generated is fresh" Sources/Generators/generate.sh --check
start_variants
step "tests" run_tests
step "no test skipped" Tests/checks/count_skipped.py "$log"
step "without traits, each trait alone, and the examples, begun with the tests" end_variants
for example in docs/examples/*/; do
    step "the tests of the example $example" test_example "$example"
done
echo "=== all passed in $((SECONDS / 60)) min $((SECONDS % 60)) s"
