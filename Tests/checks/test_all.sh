#!/usr/bin/env bash
# Everything that `make test` does, a step at a time, each with how long it took.
set -euo pipefail
cd "$(dirname "$0")/../.."

swift=${SWIFT:-swift}
log=.build/test.log
export AURA_WARNINGS_AS_ERRORS=1

step() {
    local name=$1 start=$SECONDS
    shift
    echo "=== $name"
    if ! "$@"; then
        echo "=== $name failed after $((SECONDS - start)) s" >&2
        exit 1
    fi
    echo "=== $name: $((SECONDS - start)) s"
}

lint() {
    "$swift" format lint --strict --parallel --recursive \
        Package.swift Sources Handlers Tests Benchmarks/Package.swift Benchmarks/Sources
}

# Without any backend: neither compiled nor linked. A build folder of its own, since the traits change every module.
build_core() {
    "$swift" build --disable-default-traits --scratch-path .build-core --product fieldnotes --quiet
}

check_core_libraries() {
    Tests/checks/linked_libraries.py .build-core/debug/fieldnotes -libsqlite3 -libpq -libssl -libcurl
}

check_libraries() {
    Tests/checks/linked_libraries.py .build/debug/fieldnotes +libsqlite3 -libpq -libssl -libcurl
}

# Two tests at a time: many of them keep both cores busy or wait for processes, and a law that gets no turn fails.
run_tests() {
    "$swift" test --skip-build --experimental-maximum-parallelization-width 2 2>&1 | tee "$log"
}

step "set-up" Tests/checks/set_up.sh
step "lint" lint
step "the checks can fail" Tests/checks/test_checks.py
step "checks of the sources" Tests/checks/check_sources.py
step "generated sources are fresh" Sources/Generators/generate.sh --check
step "build of the core without traits" build_core
step "libraries of the core" check_core_libraries
step "build, warnings are errors" "$swift" build --build-tests --quiet
step "libraries of the default" check_libraries
step "tests" run_tests
step "no test skipped" Tests/checks/count_skipped.py "$log"
echo "=== all passed in $((SECONDS / 60)) min $((SECONDS % 60)) s"
