#!/usr/bin/env python3
"""Checks with ldd which libraries an executable loads: linked_libraries.py EXECUTABLE [+NAME …] [-NAME …]

+NAME must be among them, -NAME must not; a name is the library's up to its version, such as libsqlite3.
"""

import re
import subprocess
import sys


def libraries(listing):
    """The names in ldd's output, up to their versions."""
    return {match[1] for match in re.finditer(r"^\s*(?:\S*/)?([\w+-]+)\.so\b", listing, re.MULTILINE)}


def problems(loaded, expectations):
    for expectation in expectations:
        sign, name = expectation[:1], expectation[1:]
        if sign == "+" and name not in loaded:
            yield f"does not load {name}"
        elif sign == "-" and name in loaded:
            yield f"loads {name}"
        elif sign not in ("+", "-"):
            yield f"'{expectation}' is neither +NAME nor -NAME"


def main(executable, *expectations):
    listing = subprocess.run(["ldd", executable], check=True, capture_output=True, text=True).stdout
    loaded = libraries(listing)
    if not loaded or not expectations:
        sys.exit(f"{executable}: nothing to check")
    found = list(problems(loaded, expectations))
    for problem in found:
        print(f"{executable} {problem}", file=sys.stderr)
    if not found:
        print(f"{executable}: {len(loaded)} libraries, {' '.join(expectations)}")
    return 1 if found else 0


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
