#!/usr/bin/env python3
"""Runs the checks of the sources. Prints every problem and fails where there is one."""

import sys

import boundary
import bundles
import documents
import imports
import sabotages
import skips
import sources
import words


def main():
    swift = list(sources.read("Sources", "Handlers", "Tests", "Benchmarks"))
    examples = list(sources.read("docs"))
    libraries = [source for source in swift if source.module]
    checks = {
        "boundary": boundary.check(libraries, boundary.allowed()),
        "bundles": bundles.check(swift),
        "documents": documents.check(words.tracked()),
        "imports": imports.check(swift),
        "sabotages": sabotages.check(),
        "skips": skips.check(swift + examples),
        "words": words.check(words.tracked()),
    }
    failed = False
    for name, problems in checks.items():
        problems = list(problems)
        for problem in problems:
            print(problem, file=sys.stderr)
        print(f"{name}: {f'{len(problems)} problems' if problems else 'clean'}")
        failed = failed or bool(problems)
    print(f"{len(swift)} Swift files, {len(libraries)} of them in libraries and the example")
    return 1 if failed or not libraries else 0


if __name__ == "__main__":
    sys.exit(main())
