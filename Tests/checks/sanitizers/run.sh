#!/usr/bin/env bash
# Runs tests under a sanitizer: run.sh address|thread [FILTER], by default those of cryptography and of the network over TLS.
set -euo pipefail
cd "$(dirname "$0")/../../.."

sanitizer=${1:?address or thread}
filter=${2:-OpenSSLHandlerTests|TLSNetworkHandlerTests}
swift=${SWIFT:-swift}
scratch=.build-${sanitizer:0:1}san

"$swift" build --build-tests --sanitize "$sanitizer" --scratch-path "$scratch" --traits OpenSSL,Argon2,TLSNetwork,SQLite --quiet
preloaded=
if [[ $sanitizer == thread ]]; then
    clang -shared -fPIC -O1 -o "$scratch/mutex.so" Tests/checks/sanitizers/mutex.c
    preloaded=$scratch/mutex.so
fi
# Swift's backtracer would trip the address sanitizer, and never end. What Swift's runtime never frees is no leak.
LD_PRELOAD=$preloaded SWIFT_BACKTRACE=enable=no ASAN_OPTIONS=detect_leaks=0 TSAN_OPTIONS=suppressions=Tests/checks/sanitizers/thread.txt \
    "$scratch/debug/auraPackageTests.xctest" --testing-library swift-testing --experimental-maximum-parallelization-width 2 --filter "$filter"
