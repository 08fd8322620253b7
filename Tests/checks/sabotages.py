"""Checks that the patches of Tests/sabotage fit the code, since they are built in long tests only."""

import subprocess

from sources import ROOT, Problem

FOLDER = "Tests/sabotage"


def check():
    patches = sorted((ROOT / FOLDER).glob("*.patch"))
    if not patches:
        yield Problem(FOLDER, 1, "there is no patch")
    for patch in patches:
        run = subprocess.run(
            ["git", "apply", "--check", str(patch)], cwd=ROOT, capture_output=True, text=True,
        )
        if run.returncode:
            yield Problem(f"{FOLDER}/{patch.name}", 1, f"make it anew, it does not fit: {run.stderr.strip()}")
