#!/usr/bin/env python3
"""Breaks the code on purpose, one patch of Tests/sabotage after the other, and lets fieldnotes-simulate look for it:
sabotage.py [SEEDS] [PATCH ...]

It works on a copy of the tree, prints a table of how many seeds failed for each patch, and fails where one was not found, or
where the code as it is fails.
"""

import json
import os
from pathlib import Path
import shutil
import subprocess
import sys

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".build-sabotage"
TREE = FOLDER / "tree"
SWIFT = os.environ.get("SWIFT", "swift")


def copy_tree():
    """Copies what git knows of; times stay, so that a build of before goes on."""
    shutil.rmtree(TREE, ignore_errors=True)
    TREE.mkdir(parents=True)
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True).stdout
    packed = subprocess.run(
        ["tar", "--create", "--null", "--files-from=-"], cwd=ROOT, check=True, input=listed, capture_output=True
    ).stdout
    subprocess.run(["tar", "--extract"], cwd=TREE, check=True, input=packed)


def patch(path, *options):
    subprocess.run(["patch", "--strip=1", "--quiet", *options, f"--input={path}"], cwd=TREE, check=True)


def build():
    subprocess.run(
        [SWIFT, "build", "--configuration", "release", "--quiet", "--scratch-path", FOLDER / "build",
         "--product", "fieldnotes-simulate"],
        cwd=TREE, check=True,
    )


def failing(seeds):
    """How many seeds fail, and what the first of them says."""
    run = subprocess.run(
        [FOLDER / "build/release/fieldnotes-simulate", "--seeds", str(seeds), "--failures", "0", "--json"],
        capture_output=True, text=True,
    )
    if run.returncode not in (0, 1):
        sys.exit(f"fieldnotes-simulate ended with {run.returncode}:\n{run.stderr}")
    failures = json.loads(run.stdout)["failures"]
    return len(failures), failures[0]["error"].splitlines()[0] if failures else ""


def main(seeds=50, *names):
    seeds = int(seeds)
    patches = [path for path in sorted((ROOT / "Tests/sabotage").glob("*.patch")) if not names or path.stem in names]
    copy_tree()
    build()
    count, error = failing(seeds)
    print(f"| the code as it is | {count} of {seeds} | {error} |", flush=True)
    unseen = count > 0
    for path in patches:
        patch(path)
        try:
            build()
            count, error = failing(seeds)
        finally:
            patch(path, "--reverse")
        unseen = unseen or count == 0
        print(f"| {path.stem.replace('-', ' ')} | {count} of {seeds} | {error} |", flush=True)
    return 1 if unseen else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
