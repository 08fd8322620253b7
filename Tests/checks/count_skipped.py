#!/usr/bin/env python3
"""Checks in the output of `swift test` that tests ran and none was skipped or cancelled: count_skipped.py LOG

A skipped test is a test that cannot fail, so it counts as a failure.
"""

import re
import sys

SKIPPED = re.compile(r'^\S+ (?:Test|Suite) (?:".*"|\S+) (?:skipped\b|was cancelled after).*$', re.MULTILINE)
TOTAL = re.compile(r"^\S+ Test run with (\d+) tests?\b.* passed after", re.MULTILINE)


def tally(log):
    """The number of tests that ran, and the lines about the skipped ones."""
    return sum(int(count) for count in TOTAL.findall(log)), SKIPPED.findall(log)


def main(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        count, skipped = tally(file.read())
    for line in skipped:
        print(line, file=sys.stderr)
    print(f"{count} tests, {len(skipped)} skipped")
    return 1 if skipped or count == 0 else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
