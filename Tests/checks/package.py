#!/usr/bin/env python3
"""What Package.swift says of products, targets and traits: package.py libraries|traits

The libraries are those that the tests' build has, the traits those that it is made with."""

import json
import os
from pathlib import Path
import re
import subprocess
import sys

from sources import ROOT


# Traits that are not built alone, and the package that is built with them. The tests' build leaves out the macro: for its plugin
# swift-syntax would be compiled once more, which takes minutes.
BUILT_ELSEWHERE = {"Macros": "docs/examples/Umbrella", "Generator": "."}


class Package:
    """A package's description, as `swift package dump-package` prints it."""

    def __init__(self, description, root=ROOT):
        self.root = Path(root)
        self.targets = {target["name"]: target for target in description["targets"]}
        self.products = description["products"]
        traits = {trait["name"]: trait["enabledTraits"] for trait in description["traits"]}
        self.defaults = traits.pop("default", [])
        self.traits = traits

    @classmethod
    def load(cls):
        swift = os.environ.get("SWIFT", "swift")
        printed = subprocess.run([swift, "package", "dump-package"], cwd=ROOT, check=True, capture_output=True)
        return cls(json.loads(printed.stdout))

    @property
    def libraries(self):
        """The modules of the library products, in the order of the products."""
        return [target for product in self.products if "library" in product["type"] for target in product["targets"]]

    @property
    def tested_traits(self):
        """The traits of the tests' build."""
        return [trait for trait in self.traits if BUILT_ELSEWHERE.get(trait, ".") == "."]

    @property
    def tested_libraries(self):
        """The libraries that are whole in the tests' build."""
        enabled = self.enabled(self.tested_traits)
        return [
            target for target in self.libraries
            if all(not needed or needed & enabled for _, needed in self.dependencies(target))
        ]

    @property
    def executables(self):
        """The name of each executable product with its target's."""
        return {product["name"]: product["targets"][0] for product in self.products if "executable" in product["type"]}

    def enabled(self, traits):
        """These traits and those that they enable in turn."""
        found, left = set(), list(traits)
        while left:
            trait = left.pop()
            if trait not in found:
                found.add(trait)
                left += self.traits[trait]
        return found

    def reached(self, target, traits):
        """A target and every target of this package that it depends on while these traits are on."""
        found, left = set(), [target]
        while left:
            name = left.pop()
            if name in self.targets and name not in found:
                found.add(name)
                left += [other for other, needed in self.dependencies(name) if not needed or needed & traits]
        return found

    def dependencies(self, target):
        """What a target depends on, each with the traits of which one must be on; empty where it always does."""
        for dependency in self.targets[target]["dependencies"]:
            kind, (name, *_, condition) = next(iter(dependency.items()))
            if kind in ("byName", "target"):
                yield name, set((condition or {}).get("traits") or [])

    def system_libraries(self, target):
        """What a target of the type 'system' links, such as libsqlite3; nothing for any other target."""
        description = self.targets[target]
        if description["type"] != "system":
            return set()
        map_file = self.root / description["path"] / "module.modulemap"
        names = set(re.findall(r'\blink\s+"([^"]+)"', map_file.read_text(encoding="utf-8")))
        if description.get("pkgConfig"):
            printed = subprocess.run(
                ["pkg-config", "--libs-only-l", description["pkgConfig"]], capture_output=True, text=True
            ).stdout
            names |= {flag.removeprefix("-l") for flag in printed.split()}
        return {f"lib{name}" for name in names}


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["libraries"]:
            print("\n".join(Package.load().tested_libraries))
        case ["traits"]:
            print(",".join(sorted(Package.load().tested_traits)))
        case _:
            sys.exit(__doc__)
