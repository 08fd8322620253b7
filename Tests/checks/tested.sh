#!/usr/bin/env bash
# `swift build` or `swift test` as `make test` does them: tested.sh build|test [OPTION…]
#
# With every trait but those that an example is built with; SwiftPM finds the tests by the index, so that stays on.
set -euo pipefail
cd "$(dirname "$0")/../.."
export AURA_WARNINGS_AS_ERRORS=1
exec "${SWIFT:-swift}" "$1" --traits "$(Tests/checks/package.py traits)" "${@:2}"
