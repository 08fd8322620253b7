"""Finds tests that leave themselves out. A long test takes its counts from the environment instead; what a test needs,
it starts, or it fails."""

import re

from sources import Problem

# It holds back the expectations of one seed, to fail the test with all that is known of it.
LIBRARY = "Sources/AuraSimulationTesting/"

PATTERN = re.compile(r"\.disabled\(|\.enabled\(\s*if:|\bTest\.cancel\b|\bXCTSkip\w*|\bwithKnownIssue\b")


def check(sources):
    for source in sources:
        if str(source.path).startswith(LIBRARY):
            continue
        for number, line in enumerate(source.code.splitlines(), start=1):
            if match := PATTERN.search(line):
                yield Problem(source.path, number, f"'{match.group()}': a test may not leave itself out")
