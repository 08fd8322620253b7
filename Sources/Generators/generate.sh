#!/usr/bin/env bash
# Writes the generated sources anew. With --check it writes nothing and fails where one differs.
set -euo pipefail
cd "$(dirname "$0")/../.."

# generator and what it prints
pairs=(
    "Sources/Generators/sha256_compress.py Sources/AuraEffects/Hashing/SHA256+Compress.swift"
)

for pair in "${pairs[@]}"; do
    read -r generator file <<<"$pair"
    if [[ ${1:-} == --check ]]; then
        python3 "$generator" | cmp --silent - "$file" || {
            echo "$file differs from what $generator prints: run 'make generate'." >&2
            exit 1
        }
    else
        python3 "$generator" >"$file"
        echo "wrote $file"
    fi
done
