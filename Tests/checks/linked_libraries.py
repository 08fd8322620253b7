"""Which libraries an executable asks for itself; what those load in turn is theirs. And which functions it defines."""

import re
import subprocess


def of(executable):
    """The names of the libraries up to their versions, such as libsqlite3."""
    printed = subprocess.run(["readelf", "--dynamic", executable], check=True, capture_output=True, text=True).stdout
    return names(printed)


def names(listing):
    """The names in readelf's output."""
    return {match[1] for match in re.finditer(r"\(NEEDED\).*\[([\w+-]+)\.so\b", listing)}


def defines(executable, function):
    """Whether an executable has a function of this name itself."""
    printed = subprocess.run(["nm", "--defined-only", executable], check=True, capture_output=True, text=True).stdout
    return defined_in(printed, function)


def defined_in(listing, function):
    """Whether a function is in nm's output."""
    return re.search(rf"^[0-9a-f]+ [TtWw] {re.escape(function)}$", listing, re.MULTILINE) is not None
