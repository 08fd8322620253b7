"""Checks the Markdown files: links lead somewhere, every page of docs is found from its index, and code that says which
file it is from is in that file."""

import posixpath
import re

from sources import ROOT, Problem

FENCE = re.compile(r"^ *(```+|~~~+)")
LINK = re.compile(r"(?<!!)\[(?:[^\[\]]|\[[^\]]*\])*\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)|^\[[^\]]+\]:\s+(\S+)")
HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*$")
FROM = re.compile(r"^<!-- from: (\S+) -->$")
INDEX = "docs/README.md"
ELLIPSIS = {"…", "// …"}


def check(sources, exists=lambda path: (ROOT / path).exists(), read=lambda path: (ROOT / path).read_text("utf-8")):
    pages = {source.path: source for source in sources if source.path.endswith(".md")}
    reached = {}
    for page in pages.values():
        reached[page.path] = set()
        for number, target in links(page.text):
            path, _, anchor = target.partition("#")
            if re.match(r"[a-z][a-z+.-]*:", path):
                continue
            file = posixpath.normpath(posixpath.join(posixpath.dirname(page.path), path)) if path else page.path
            if posixpath.isabs(path) or file.startswith("..") or not exists(file):
                yield Problem(page.path, number, f"the link '{target}' leads nowhere")
            elif anchor and file in pages and anchor not in anchors(pages[file].text):
                yield Problem(page.path, number, f"'{file}' has no heading '#{anchor}'")
            reached[page.path].add(f"{file}/README.md" if f"{file}/README.md" in pages else file)
        yield from snippets(page, exists, read)
    yield from orphans(pages, reached)


def orphans(pages, reached):
    """The pages of docs that no way leads to from the index."""
    found, left = set(), [INDEX]
    while left:
        path = left.pop()
        if path in pages and path not in found:
            found.add(path)
            left += reached[path]
    for path in sorted(pages.keys() - found):
        if path.startswith("docs/"):
            yield Problem(path, 0, f"no link leads here from {INDEX}")


def lines(text):
    """The lines outside code blocks, with their numbers and without code in the line."""
    fence = None
    for number, line in enumerate(text.splitlines(), start=1):
        if match := FENCE.match(line):
            if fence is None:
                fence = match[1]
            elif match[1].startswith(fence):
                fence = None
        elif fence is None:
            yield number, line


def links(text):
    for number, line in lines(text):
        for match in LINK.finditer(re.sub(r"`[^`]*`", "`code`", line)):
            yield number, match[1] or match[2]


def anchors(text):
    """The names of the headings, as they are in links."""
    found = {}
    for _, line in lines(text):
        if match := HEADING.match(line):
            name = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", match[1]).lower()
            name = re.sub(r"[^\w\- ]", "", name).replace(" ", "-")
            found[name] = found.get(name, -1) + 1
    return {f"{name}-{count}" if count else name for name, most in found.items() for count in range(most + 1)}


def snippets(page, exists, read):
    """Code after `<!-- from: FILE -->` that is not in the file."""
    file, block, start = None, None, 0
    for number, line in enumerate(page.text.splitlines(), start=1):
        if match := FROM.match(line):
            file, start = match[1], number
            if not exists(file):
                yield Problem(page.path, number, f"there is no '{file}'")
                file = None
        elif FENCE.match(line):
            if block is None:
                block = []
            else:
                if file and not contains(read(file), block):
                    yield Problem(page.path, start, f"the code below is not in '{file}': copy it anew")
                file, block = None, None
        elif block is not None:
            block.append(line)
        elif file and line:
            yield Problem(page.path, start, "no code follows")
            file = None


def contains(text, block):
    """Whether the block's parts, between lines of an ellipsis, are in the text one after the other."""
    rest = plain(text.splitlines())
    for part in split(block):
        part = plain(part)
        place = next((i for i in range(len(rest) - len(part) + 1) if rest[i:i + len(part)] == part), None)
        if place is None:
            return False
        rest = rest[place + len(part):]
    return any(line.strip() for line in block)


def split(block):
    parts = [[]]
    for line in block:
        if line.strip() in ELLIPSIS:
            parts.append([])
        else:
            parts[-1].append(line)
    return parts


def plain(block):
    """Lines without their indentation; empty ones do not count."""
    return [line.strip() for line in block if line.strip()]
