#!/usr/bin/env python3
"""Prints what failed in the output of `swift test`, few lines and the most telling first: failures.py LOG

Whoever sees only the end of a long run's output sees these lines: the recorded issues, one of each test before the
others of the same test; before them how the process died, where it did; and the log's last lines where neither is there.
"""

import re
import sys

COLOUR = re.compile(r"\x1b\[[0-9;]*m")
ISSUE = re.compile(r"^✘ Test (.+?) recorded an issue\b")
# What belongs to an issue stands below it, up to the next event: every event starts with a symbol of its own.
EVENT = re.compile(r"^[✔✘◇➜⚠]")
DEATH = re.compile(r"Fatal error|unexpected signal|^\*\*\* Program crashed|^error: ")
CRASHED = re.compile(r"^Thread .* crashed:$")

LINES = 14
WIDTH = 400
FRAMES = 5
LAST_LINES = 5


def issues(lines):
    """The recorded issues with what stands below them, each in one line: pairs of the test's name and the line."""
    found = []
    is_open = False
    for line in lines:
        issue = ISSUE.match(line)
        if issue:
            found.append((issue[1], [line]))
        elif is_open and line.strip() and not EVENT.match(line) and not DEATH.search(line):
            found[-1][1].append(line.strip())
            continue
        is_open = bool(issue)
    return [(name, " ".join(parts)) for name, parts in found]


def first_of_each(found):
    """The first issue of every test, then all others."""
    first = {}
    for name, line in found:
        first.setdefault(name, line)
    rest = list(found)
    for pair in first.items():
        rest.remove(pair)
    return [*first.values(), *(line for _, line in rest)]


def deaths(lines):
    """What says that the process died, and the uppermost frames of the thread that crashed."""
    for number, line in enumerate(lines):
        if EVENT.match(line):
            continue
        if DEATH.search(line):
            yield line
        elif CRASHED.match(line):
            yield from [frame for frame in lines[number:number + 2 * FRAMES] if frame.strip()][:FRAMES + 1]


def cut(line):
    return line if len(line) <= WIDTH else line[:WIDTH - 1] + "…"


def summary(log):
    """At most LINES lines, each of at most WIDTH characters."""
    lines = COLOUR.sub("", log).splitlines()
    told = [*deaths(lines), *first_of_each(issues(lines))]
    if not told:
        told = [line for line in lines if line.strip()][-LAST_LINES:]
    left_out = len(told) - LINES
    if left_out > 0:
        told = [*told[:LINES - 1], f"… and {left_out + 1} more"]
    return [cut(line) for line in told]


def main(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        print("\n".join(summary(file.read())), file=sys.stderr)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
