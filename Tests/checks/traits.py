#!/usr/bin/env python3
"""Builds the products without traits and with each trait alone, and checks what is linked: traits.py [BUILD_FOLDER]

With a folder it builds nothing and checks the products there, which were built with every trait.

All builds share one folder: other packages and C are compiled once. A trait is a compilation condition of every module of
this package, so these are compiled anew each time; only executables that depend on something of the trait are built, or
libraries where no executable does.
"""

import os
import subprocess
import sys
import time

import linked_libraries
from package import BUILT_ELSEWHERE, Package
from sources import ROOT

# A function that the simulation replaces in every process that links it.
INTERPOSED = "swift_task_switch"

FOLDER = ".build-variants"
SECONDS = 4000


def combinations(package, elsewhere=BUILT_ELSEWHERE):
    """The sets of traits to build, by name; one that equals another or all of them is built already."""
    every = package.enabled(package.traits)
    named = {"no traits": set(), "the default traits": package.enabled(package.defaults)}
    named |= {f"the trait {trait} alone": package.enabled([trait]) for trait in package.traits
              if trait not in elsewhere}
    seen = [every, package.enabled(package.tested_traits)]
    for name, traits in named.items():
        if traits not in seen:
            seen.append(traits)
            yield name, traits


def touched(package, traits, targets):
    """Those of the targets that depend on something only because of these traits; without traits all of them."""
    return [
        target for target in targets
        if not traits or package.reached(target, traits) != package.reached(target, set())
    ]


def expectations(package, target, traits):
    """What an executable must load and must not: a list of the sets of which one must be there, and a set."""
    reached = package.reached(target, traits)
    libraries = {name: package.system_libraries(name) for name in package.targets}
    wanted = [names for name, names in libraries.items() if name in reached and names]
    return wanted, set().union(*libraries.values()) - set().union(*wanted)


def problems(package, target, traits, loaded):
    wanted, unwanted = expectations(package, target, traits)
    for names in wanted:
        if not names & loaded:
            yield f"does not load {' or '.join(sorted(names))}"
    for name in sorted(unwanted & loaded):
        yield f"loads {name}"


def interposing(package, target, traits, defines):
    """Only what depends on the simulation replaces functions of the process."""
    simulates = "CSimulation" in package.reached(target, traits)
    if defines and not simulates:
        yield f"replaces {INTERPOSED}, though it is no simulation"
    if simulates and not defines:
        yield f"does not replace {INTERPOSED}, though it is a simulation: this check finds nothing"


def build(traits, *what):
    swift = os.environ.get("SWIFT", "swift")
    chosen = ["--traits", ",".join(sorted(traits))] if traits else ["--disable-default-traits"]
    subprocess.run(
        [swift, "build", "--quiet", "--disable-index-store", "--scratch-path", FOLDER, *chosen, *what], cwd=ROOT, check=True, timeout=SECONDS
    )


def check(package, name, traits, folder, builds):
    """Builds what the traits touch and prints a line for each; yields what is wrong with what is linked."""
    executables = {target: product for product, target in package.executables.items()}
    found = touched(package, traits, executables)
    ours = set().union(*map(package.system_libraries, package.targets))
    for target in found:
        start, product = time.monotonic(), executables[target]
        if builds:
            build(traits, "--product", product)
        loaded = linked_libraries.of(ROOT / folder / product)
        for problem in problems(package, target, traits, loaded):
            yield f"{product} with {name} {problem}"
        for problem in interposing(package, target, traits, linked_libraries.defines(ROOT / folder / product, INTERPOSED)):
            yield f"{product} with {name} {problem}"
        linked = ", ".join(sorted(loaded & ours)) or "no backend's library"
        print(f"{product} with {name}: {linked}, {time.monotonic() - start:.0f} s", flush=True)
    if not found and builds:
        libraries = touched(package, traits, package.libraries)
        for target in libraries:
            build(traits, "--target", target)
        print(f"{name}: no executable depends on it; built {', '.join(libraries)}", flush=True)
        if not libraries:
            yield f"{name}: nothing depends on it"


def main(folder=None):
    package = Package.load()
    if folder:
        found = list(check(package, "all traits", package.enabled(package.traits), folder, builds=False))
    else:
        found = [
            problem for name, traits in combinations(package)
            for problem in check(package, name, traits, f"{FOLDER}/debug", builds=True)
        ]
    for problem in found:
        print(problem, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    if len(sys.argv) > 2:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
