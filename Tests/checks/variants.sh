#!/usr/bin/env bash
# Builds the products without traits and with each trait alone, and the examples: packages of their own, as a user's is, which cannot
# use what is not public. All share one folder, so that what other packages bring is compiled once.
set -euo pipefail
cd "$(dirname "$0")/../.."

Tests/checks/traits.py
for example in docs/examples/*/; do
    start=$SECONDS
    "${SWIFT:-swift}" build --package-path "$example" --scratch-path .build-variants --build-tests --quiet
    echo "the example $example, $((SECONDS - start)) s"
done
