"""Checks that the page of all handlers has every bundle: docs/reference/handlers.md is generated from that list."""

import re

from sources import Problem

LIST = "Sources/HandlerReference/HandlerReference.swift"
DECLARED = re.compile(r"\bpublic (?:struct|enum|final class) (\w+)[^{\n]*\bHandlerBundle\b")


def check(sources):
    sources = list(sources)
    listed = "".join(source.code for source in sources if source.path == LIST)
    for source in sources:
        if not (source.is_handler and source.module):
            continue
        for number, line in enumerate(source.code.splitlines(), start=1):
            match = DECLARED.search(line)
            if match and not re.search(rf"\b{match[1]}\(", listed):
                yield Problem(source.path, number, f"{match[1]} is not in {LIST}: list it there, then 'make generate'")
