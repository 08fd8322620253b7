#!/usr/bin/env python3
"""Prints the public API of a module that was built, a declaration a line: public_api.py BUILD_FOLDER MODULE

The compiler itself says what is public (`swift symbolgraph-extract`); the flags are those that the module was built with.
Names of parameters that only the implementation sees are left out.
"""

import json
import os
from pathlib import Path
import re
import subprocess
import sys
import tempfile

# What every type has, so that it says nothing.
IMPLIED = {"Copyable", "Escapable", "SendableMetatype", "BitwiseCopyable"}


def build_flags(description, module):
    """The flags of a module's build that say for which platform it is and where its C modules are."""
    command = next(
        (value for name, value in description["swiftCommands"].items() if name.startswith(f"C.{module}-")), None
    )
    if command is None:
        sys.exit(f"{module} has not been built: run 'make generate'")
    arguments = command["otherArguments"]
    wanted = ("-target", "-Xcc", "-module-cache-path")
    flags = [part for flag, value in zip(arguments, arguments[1:]) if flag in wanted for part in (flag, value)]
    # What pkg-config says of a system library.
    return flags + [flag for flag in arguments if flag.startswith("-I/")]


def extract(folder, module):
    """The symbol graphs of a module: its own, and those of what it adds to others."""
    description = json.loads((folder / "description.json").read_text())
    swift = os.environ.get("SWIFT", "swift")
    with tempfile.TemporaryDirectory() as output:
        subprocess.run(
            [
                swift, "symbolgraph-extract", "-module-name", module, "-I", str(folder / "Modules"),
                *build_flags(description, module), "-minimum-access-level", "public", "-skip-inherited-docs",
                "-skip-synthesized-members", "-omit-extension-block-symbols", "-output-dir", output,
            ],
            check=True,
        )
        return [json.loads(file.read_text()) for file in sorted(Path(output).glob("*.symbols.json"))]


def declaration(symbol):
    """A declaration as it is written, but for the names that only the implementation sees."""
    text = ""
    for fragment in symbol["declarationFragments"]:
        if fragment["kind"] == "internalParam":
            # An operator's operands have no other name.
            text = text.removesuffix(" ") if text.endswith(" ") and not text.endswith(", ") else f"{text}_"
        else:
            text += fragment["spelling"]
    return re.sub(r"\s+", " ", text).strip()


def conditions(relation):
    """Under which conditions a generic type conforms, as it is written after the protocol's name."""
    signs = {"conformance": ":", "superclass": ":", "sameType": "=="}
    constraints = [
        f"{constraint['lhs']} {signs[constraint['kind']]} {constraint['rhs']}"
        for constraint in relation.get("swiftConstraints", []) if constraint["rhs"] not in IMPLIED
    ]
    return f" where {', '.join(constraints)}" if constraints else ""


def lines(graphs):
    """Every declaration with the type that it belongs to, in the order of their names."""
    symbols = [symbol for graph in graphs for symbol in graph["symbols"]]
    relations = [relation for graph in graphs for relation in graph["relationships"]]
    names = {symbol["identifier"]["precise"]: ".".join(symbol["pathComponents"]) for symbol in symbols}
    required = {r["source"] for r in relations if r["kind"] in ("requirementOf", "optionalRequirementOf")}
    parents = {}
    for relation in relations:
        if relation["kind"] in ("conformsTo", "inheritsFrom"):
            name = names.get(relation["target"]) or relation.get("targetFallback", "").split(".", 1)[-1]
            if name not in IMPLIED:
                parents.setdefault(relation["source"], set()).add(name + conditions(relation))
    entries = set()
    for symbol in symbols:
        identifier, path = symbol["identifier"]["precise"], symbol["pathComponents"]
        container = ".".join(path[:-1])
        text = declaration(symbol)
        if identifier in parents and "protocol" not in symbol["kind"]["identifier"]:
            text += " : " + ", ".join(sorted(parents[identifier]))
        if container:
            text = f"{container}{' (required)' if identifier in required else ''}: {text}"
        entries.add((tuple(path), text))
    return [text for _, text in sorted(entries)]


def main(folder, module):
    listed = lines(extract(Path(folder), module))
    print(f"# The public API of {module}, with every trait. `make generate` writes it anew.\n")
    print("\n".join(listed))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
