"""Finds clocks, sleeps, random sources, files and threads outside handlers: an application and the framework reach the
outside world through effects alone, so that a test can hold it and a simulation can own it."""

from pathlib import Path
import re

from sources import Problem

ALLOWED = Path(__file__).with_name("boundary-allowed.txt")

CLOCKS = {
    r"\bDate\s*(\(|\.now)": "TimeEffects.now",
    r"\b(Continuous|Suspending)Clock\b": "TimeEffects",
    r"\bTask\.sleep\b": "TimeEffects.sleep",
    r"\b(clock_gettime|gettimeofday|usleep|nanosleep|timespec_get)\b": "TimeEffects",
}
RANDOM = {
    r"\bSystemRandomNumberGenerator\b": "RandomEffects",
    r"\.random\(\s*in:(?![^\n]*using:)": "RandomEffects.generator with 'using:'",
    r"\.(shuffled|shuffle|randomElement)\(\s*\)": "RandomEffects.generator with 'using:'",
    r"\bUUID\s*\(": "EntryID or RandomEffects",
    r"\b(getrandom|arc4random\w*|getentropy)\b": "RandomEffects",
}
FILES = {
    r"\bFileManager\b|\bFileHandle\b": "StorageEffects or an effect of the application's own",
    r"(?<!func )(?<![.\w])(open|openat|fopen|opendir|mkdir|unlink|rename|stat|lstat)\(":
        "StorageEffects or an effect of the application's own",
    r"(?<!func )(?<![.\w])(socket|connect|bind|listen|accept)\(": "NetworkEffects",
}
THREADS = {
    r"\bThread\s*[.(]|\bpthread_create\b|\bDispatchQueue\b": "HandlerContext.executors",
}

# What a handler may do that others may not: it is the one that reads clocks, files and random sources.
FOR_ALL = CLOCKS | RANDOM | FILES | THREADS
FOR_HANDLERS = {
    r"\bTask\.sleep\b": "HandlerContext.time",
    r"\b(usleep|nanosleep|sqlite3_busy_timeout)\b": "HandlerContext.time",
} | THREADS


def allowed():
    """Path and reason of each listed file."""
    entries = {}
    for line in ALLOWED.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            path, _, reason = line.partition(": ")
            entries[path.strip()] = reason.strip()
    return entries


def check(sources, exceptions):
    used = set()
    for source in sources:
        for problem in findings(source):
            if source.path in exceptions:
                used.add(source.path)
            else:
                yield problem
    for path, reason in exceptions.items():
        if path not in used:
            yield Problem(path, 0, "is listed in boundary-allowed.txt and needs no exception: remove it there")
        elif not reason:
            yield Problem(path, 0, "is listed in boundary-allowed.txt without a reason")


def findings(source):
    patterns = FOR_HANDLERS if source.is_handler else FOR_ALL
    for number, line in enumerate(source.code.splitlines(), start=1):
        for pattern, instead in patterns.items():
            if match := re.search(pattern, line):
                yield Problem(source.path, number, f"'{match.group().strip()}' outside a handler: use {instead}")
