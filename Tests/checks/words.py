"""Finds words that do not belong in the repository: unfinished work, issue numbers, paths of somebody's machine."""

import re
import subprocess

from sources import ROOT, Problem, Source

WORDS = {
    r"\b(TODO|FIXME|XXX|HACK)\b": "finish it, or open an issue",
    r"\b[Ii]ssues? #?\d+\b|(?<!\w)#\d+\b(?!\()": "say what it is about instead of its number",
    r"(?<![\w.{}*-])/(root|home|work|opt|Users|mnt)/\w": "no path of somebody's machine",
    r"\b(localhost|127\.0\.0\.1):\d{4,5}/(pypi|simple|registry)\b": "no host of somebody's registry",
}
SUFFIXES = (".swift", ".md", ".py", ".sh", ".c", ".h", ".yaml", ".yml", ".txt", "Makefile", "run")


def tracked():
    """Every text file that is or would be committed, but this check and its tests."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout.splitlines()
    for path in sorted(listed):
        file = ROOT / path
        if path.endswith(SUFFIXES) and file.is_file() and path not in OWN:
            yield Source(path, file.read_text(encoding="utf-8"))


OWN = {"Tests/checks/words.py", "Tests/checks/test_checks.py"}


def check(sources):
    for source in sources:
        for number, line in enumerate(source.text.splitlines(), start=1):
            for pattern, advice in WORDS.items():
                if match := re.search(pattern, line):
                    yield Problem(source.path, number, f"'{match.group().strip()}': {advice}")
