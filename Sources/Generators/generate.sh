#!/usr/bin/env bash
# Writes what is generated anew: sources, the page of all handlers, and the list of the public API.
# With --check it writes nothing, prints what differs, and fails where something does.
set -euo pipefail
cd "$(dirname "$0")/../.."

mode=${1:---write}
new=$(mktemp)
listed=$(mktemp -d)
trap 'rm -rf "$new" "$listed"' EXIT
stale=0

# A file, what to do where it differs, and the command that prints it.
generated() {
    local file=$1 advice=$2
    shift 2
    "$@" >"$new"
    if cmp --silent "$new" "$file"; then return; fi
    if [[ $mode == --check ]]; then
        {
            echo "$file differs from what is generated (- is in the file, + is new):"
            diff --unified=0 "$file" "$new" | grep '^[-+]' | tail -n +3 || true
            echo "$advice"
        } >&2
        stale=1
    else
        mkdir -p "$(dirname "$file")"
        cp "$new" "$file"
        echo "wrote $file"
    fi
}

generated Sources/AuraEffects/Hashing/SHA256+Compress.swift \
    "It is not edited by hand: change its generator and run 'make generate'." \
    python3 Sources/Generators/sha256_compress.py

# An effect's handlers stand beside its protocol. Only their generator is built first: without them nothing else compiles.
Tests/checks/tested.sh build --product EffectGenerator --quiet
while read -r file; do
    generated "${file%.swift}+Generated.swift" \
        "It is not edited by hand: change ${file##*/} or the generator and run 'make generate'." \
        .build/debug/EffectGenerator "$file"
done < <(grep --recursive --files-with-matches --extended-regexp '^(// )?@Effect\(' \
    Sources/AuraEffects Sources/FieldnotesCore Tests/AuraEffectsTests | sort)

# What the others are generated from. Where the tests were built before, nothing is left to do.
Tests/checks/tested.sh build --quiet

generated docs/reference/handlers.md \
    "Run 'make generate' and commit the page with the change of the handlers." \
    .build/debug/HandlerReference

# The compiler takes some seconds for each module.
modules=$(python3 Tests/checks/package.py libraries)
xargs -P "$(nproc)" -I{} sh -c 'python3 Sources/Generators/public_api.py .build/debug {} >"$0/{}"' "$listed" <<<"$modules"
for module in $modules; do
    generated "docs/api/$module.txt" \
        "The public API has changed. If that is meant, run 'make generate' and commit the list with it: what has a '-' breaks who uses it." \
        cat "$listed/$module"
done

for file in docs/api/*.txt; do
    if grep --quiet --line-regexp "$(basename "$file" .txt)" <<<"$modules"; then continue; fi
    if [[ $mode == --check ]]; then
        echo "$file lists a module that is no library product any more: run 'make generate'." >&2
        stale=1
    else
        rm "$file"
        echo "removed $file"
    fi
done
if [[ $mode == --check && $stale -eq 0 ]]; then echo "all fresh"; fi
exit "$stale"
