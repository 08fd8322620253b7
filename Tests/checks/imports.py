"""Checks what a file imports: an access level on every import, arrows that point down the house only, the standard
library alone in AuraEffects, and no Foundation in what an application links."""

import re

from sources import Problem

IMPORT = re.compile(
    r"^\s*(?P<attributes>(?:@\w+(?:\([^)]*\))?\s+)*)(?P<access>public|package|internal|fileprivate|private)?\s*"
    r"import\s+(?:(?:struct|class|enum|protocol|func|var|let|typealias)\s+)?(?P<module>\w+)"
)

# The house, from the ground up. A module imports those of lower floors.
FLOORS = [
    {"AuraEffects", "EffectExpansion"},
    {"AuraRuntime", "AuraMacrosPlugin"},
    {"AuraCloud", "AuraMacros"},
    {"Handlers"},
    {"AuraConformance", "AuraTransfer", "AuraSimulation", "AuraReplication", "AuraHost", "AuraDeploy",
     "FieldnotesCore"},
    {"Fieldnotes", "FieldnotesSimulate", "AuraSimulationTesting", "AuraCLI", "EffectGenerator", "HandlerReference"},
]
FLOOR_OF = {module: floor for floor, modules in enumerate(FLOORS) for module in modules}

# Handlers made of other handlers stand above those.
LAYERED = {"AuraLayered"}
STANDARD_LIBRARY = {"Swift", "Synchronization"}
FOUNDATION = re.compile(r"^Foundation\w*$")


def imports(source):
    for number, line in enumerate(source.code.splitlines(), start=1):
        if match := IMPORT.match(line):
            yield number, match["module"], match["access"]


def floor(module, handlers):
    """The floor of a module of ours, or None for one of others."""
    if module in FLOOR_OF:
        return FLOOR_OF[module]
    if module in LAYERED:
        return FLOOR_OF["Handlers"] + 0.5
    return FLOOR_OF["Handlers"] if module in handlers else None


def check(sources):
    sources = list(sources)
    handlers = {source.module for source in sources if source.is_handler and source.module}
    for source in sources:
        for number, module, access in imports(source):
            for message in messages(source, module, access, handlers):
                yield Problem(source.path, number, message)


def messages(source, module, access, handlers):
    if access is None:
        yield f"'import {module}' has no access level: write 'internal import {module}'"
    if source.module is None:
        return
    if FOUNDATION.match(module):
        yield f"imports {module}: what an application links does without it"
    if source.module == "AuraEffects" and module not in STANDARD_LIBRARY:
        yield f"AuraEffects imports the standard library only, not {module}"
    own, other = floor(source.module, handlers), floor(module, handlers)
    if own is None:
        yield f"{source.module} has no floor in imports.py: give it one"
    elif other is not None and other >= own and module != source.module:
        yield f"{source.module} imports {module}, which stands above it or beside it"
