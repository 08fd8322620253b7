#!/usr/bin/env bash
# `swift build` or `swift test` as `make test` does them: tested.sh build|test [OPTION…]
#
# With the traits of the tests, and without the index, which only an editor reads.
set -euo pipefail
cd "$(dirname "$0")/../.."
export AURA_WARNINGS_AS_ERRORS=1
exec "${SWIFT:-swift}" "$1" --traits "$(Tests/checks/package.py traits)" --disable-index-store "${@:2}"
