"""Which libraries an executable asks for itself; what those load in turn is theirs."""

import re
import subprocess


def of(executable):
    """The names of the libraries up to their versions, such as libsqlite3."""
    printed = subprocess.run(["readelf", "--dynamic", executable], check=True, capture_output=True, text=True).stdout
    return names(printed)


def names(listing):
    """The names in readelf's output."""
    return {match[1] for match in re.finditer(r"\(NEEDED\).*\[([\w+-]+)\.so\b", listing)}
