"""The Swift files that the checks read, and their text without comments and literals."""

from dataclasses import dataclass
from pathlib import Path
import re

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Source:
    path: str
    text: str

    @property
    def code(self):
        """The text with every comment and string literal blanked out, line by line."""
        return blanked(self.text)

    @property
    def module(self):
        """The module a library's file belongs to, or None for a test."""
        parts = self.path.split("/")
        if parts[0] == "Sources":
            return parts[1]
        if parts[0] == "Handlers" and parts[2] == "Sources":
            return f"Aura{parts[1]}"
        return None

    @property
    def is_handler(self):
        return self.path.startswith("Handlers/")


@dataclass(frozen=True)
class Problem:
    path: str
    line: int
    message: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.message}"


def read(*folders):
    """Every Swift file below the folders, in the order of their paths."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.swift")):
            relative = path.relative_to(ROOT)
            if path.name != "Package.swift" and not any(part.startswith(".") for part in relative.parts):
                yield Source(str(relative), path.read_text(encoding="utf-8"))


NOT_CODE = re.compile(
    r"""
    //[^\n]*                            # a comment to the end of its line
    | /\*.*?\*/                         # a comment over lines
    | (?P<hashes>\#*)\"\"\".*?\"\"\"(?P=hashes)   # a literal over lines
    | "(?:\\.|[^"\\\n])*"               # a literal
    """,
    re.VERBOSE | re.DOTALL,
)


def blanked(text):
    return NOT_CODE.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)
