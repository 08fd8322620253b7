#!/usr/bin/env bash
# Feeds the parsers of what comes from elsewhere with inputs that libFuzzer makes: fuzz.sh SECONDS [TARGET...].
#
# What is found of new inputs stays in .build-fuzz/corpus; an input that ends the process stays in .build-fuzz as 'TARGET-crash-…'.
set -euo pipefail
cd "$(dirname "$0")/../.."

seconds=$1
shift
swift=${SWIFT:-swift}
scratch=.build-fuzz
targets=("$@")
if [[ ${#targets[@]} -eq 0 ]]; then targets=(frames keys ntp); fi

AURA_FUZZ=1 "$swift" build --scratch-path "$scratch" --traits TLSNetwork --product aura-fuzz \
    --sanitize fuzzer --sanitize address --quiet
for target in "${targets[@]}"; do
    echo "=== fuzzing '$target' for $seconds s"
    mkdir -p "$scratch/corpus/$target"
    # Swift's backtracer would trip the address sanitizer, and never end.
    # Of the address sanitizer's checks those of memory count; what Swift's runtime never frees is no leak.
    AURA_FUZZ_TARGET=$target SWIFT_BACKTRACE=enable=no ASAN_OPTIONS=detect_leaks=0 "$scratch/debug/aura-fuzz" \
        -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=8192 -print_final_stats=1 \
        -artifact_prefix="$scratch/$target-" "$scratch/corpus/$target" "Tests/Fuzzing/Corpus/$target" 2>&1 |
        grep -v -E "^#[0-9]+.*(NEW|REDUCE|pulse|RELOAD)"
done
