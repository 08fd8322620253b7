private let head = "profile: bad\nenvironment: mobile\n"
private let clocks = "time: { handler: system }\nrandom: { handler: system }\n"

let malformedSettings: [MalformedProfile] = [
    MalformedProfile(
        name: "a misspelt setting",
        yaml: head + "notes: { handler: file, path: n, pth: n }\n" + clocks,
        messages: [
            "bad.yaml:3:34: notes.pth: unknown setting; did you mean 'path'? 'file' takes: path, synchronous, "
                + "cache, queue, vacuumOnClose, interval, url, mirrors, encryption.key"
        ]
    ),
    MalformedProfile(
        name: "a setting of a handler without any",
        yaml: head + "waive: [notes.durable]\nnotes: { handler: list, path: n }\n" + clocks,
        messages: [
            "bad.yaml:4:25: notes.path: unknown setting; 'list' takes no settings; remove it"
        ]
    ),
    MalformedProfile(
        name: "an unknown nested setting",
        yaml: head + "notes: { handler: file, path: n, encryption: { kex: a } }\n" + clocks,
        messages: [
            "bad.yaml:3:48: notes.encryption.kex: unknown setting; did you mean 'encryption.key'? 'file' takes: "
                + "path, synchronous, cache, queue, vacuumOnClose, interval, url, mirrors, encryption.key"
        ]
    ),
    MalformedProfile(
        name: "a missing setting",
        yaml: head + "notes: { handler: file }\n" + clocks,
        messages: [
            "bad.yaml:3:1: notes.path: is missing, and 'file' needs it; add 'path: …': The file of the notes."
        ]
    ),
    MalformedProfile(
        name: "a setting without a value",
        yaml: head + "notes: { handler: file, path: }\n" + clocks,
        messages: [
            "bad.yaml:3:31: notes.path: has no value; give it one, or remove the key"
        ]
    ),
    MalformedProfile(
        name: "a setting that is a list",
        yaml: head + "notes: { handler: file, path: n, cache: [1, 2] }\n" + clocks,
        messages: [
            "bad.yaml:3:41: notes.cache: must be a single value, not a list"
        ]
    ),
    MalformedProfile(
        name: "a list of other things than texts",
        yaml: head + "notes: { handler: file, path: n, mirrors: [a, [b], { c: d }, ~, \"\"] }\n" + clocks,
        messages: [
            "bad.yaml:3:47: notes.mirrors: is a list of texts, this one is a list; write '[a, b]'",
            "bad.yaml:3:52: notes.mirrors: is a list of texts, this one is a mapping; write '[a, b]'",
            "bad.yaml:3:62: notes.mirrors: is a list of texts, this one is nothing; write '[a, b]'",
            "bad.yaml:3:65: notes.mirrors: has an empty text among its values; remove it",
        ]
    ),
    MalformedProfile(
        name: "a list with a secret",
        yaml: head + "notes: { handler: file, path: n, mirrors: [\"${secret:X}\"] }\n" + clocks,
        messages: [
            "bad.yaml:3:44: notes.mirrors: takes no secret; write the value itself"
        ]
    ),
    MalformedProfile(
        name: "a list without a value",
        yaml: head + "notes: { handler: file, path: n, mirrors: }\n" + clocks,
        messages: [
            "bad.yaml:3:43: notes.mirrors: has no value; give it one, or remove the key"
        ]
    ),
    MalformedProfile(
        name: "a list of a variable with nothing between two commas",
        yaml: head + "notes: { handler: file, path: p }\n" + clocks,
        variables: ["AURA_NOTES_MIRRORS": "a,,b"],
        messages: [
            "environment variable AURA_NOTES_MIRRORS: notes.mirrors: has an empty text among its values; remove it"
        ]
    ),
    MalformedProfile(
        name: "an empty path",
        yaml: head + "notes: { handler: file, path: \"\" }\n" + clocks,
        messages: [
            "bad.yaml:3:31: notes.path: must be a path, not empty"
        ]
    ),
    MalformedProfile(
        name: "a misspelt choice",
        yaml: head + "notes: { handler: file, path: n, synchronous: ful }\n" + clocks,
        messages: [
            "bad.yaml:3:47: notes.synchronous: must be one of full, normal, off, not 'ful'; did you mean 'full'?"
        ]
    ),
    MalformedProfile(
        name: "a choice far off",
        yaml: head + "notes: { handler: file, path: n, synchronous: sometimes }\n" + clocks,
        messages: [
            "bad.yaml:3:47: notes.synchronous: must be one of full, normal, off, not 'sometimes'"
        ]
    ),
    MalformedProfile(
        name: "a number that is text",
        yaml: head + "notes: { handler: file, path: n, queue: many }\n" + clocks,
        messages: [
            "bad.yaml:3:41: notes.queue: must be a whole number from 1 to 1000, not 'many'"
        ]
    ),
    MalformedProfile(
        name: "a number out of range",
        yaml: head + "notes: { handler: file, path: n, queue: 0 }\n" + clocks,
        messages: [
            "bad.yaml:3:41: notes.queue: must be a whole number from 1 to 1000, not '0'"
        ]
    ),
    MalformedProfile(
        name: "a number with a fraction",
        yaml: head + "notes: { handler: file, path: n, queue: 1.5 }\n" + clocks,
        messages: [
            "bad.yaml:3:41: notes.queue: must be a whole number from 1 to 1000, not '1.5'"
        ]
    ),
    MalformedProfile(
        name: "a truth value in other words",
        yaml: head + "notes: { handler: file, path: n, vacuumOnClose: yes }\n" + clocks,
        messages: [
            "bad.yaml:3:49: notes.vacuumOnClose: must be true or false, not 'yes'"
        ]
    ),
    MalformedProfile(
        name: "a size with an unknown unit",
        yaml: head + "notes: { handler: file, path: n, cache: 5 MB }\n" + clocks,
        messages: [
            "bad.yaml:3:41: notes.cache: must be a number of bytes such as '512', '64 KiB', '10 MiB' or '2 "
                + "GiB', not '5 MB'"
        ]
    ),
    MalformedProfile(
        name: "a negative size",
        yaml: head + "notes: { handler: file, path: n, cache: -1 }\n" + clocks,
        messages: [
            "bad.yaml:3:41: notes.cache: must be a number of bytes such as '512', '64 KiB', '10 MiB' or '2 "
                + "GiB', not '-1'"
        ]
    ),
    MalformedProfile(
        name: "a size beyond all memory",
        yaml: head + "notes: { handler: file, path: n, cache: 99999999999 TiB }\n" + clocks,
        messages: [
            "bad.yaml:3:41: notes.cache: is out of range: '99999999999 TiB'"
        ]
    ),
    MalformedProfile(
        name: "a time without a unit",
        yaml: head + "notes: { handler: file, path: n, interval: 60 }\n" + clocks,
        messages: [
            "bad.yaml:3:44: notes.interval: must be a time with a unit such as '250ms', '60s', '5m' or '2h', not '60'"
        ]
    ),
    MalformedProfile(
        name: "a time beyond all time",
        yaml: head + "notes: { handler: file, path: n, interval: 999999999 d }\n" + clocks,
        messages: [
            "bad.yaml:3:44: notes.interval: is out of range: '999999999 d'"
        ]
    ),
    MalformedProfile(
        name: "a missing secret",
        yaml: head + "notes: { handler: file, path: n, encryption: { key: \"${secret:KEY}\" } }\n" + clocks,
        messages: [
            "bad.yaml:3:53: notes.encryption.key: the secret 'KEY' is missing; set the environment variable "
                + "KEY, or set AURA_SECRETS to a folder with a file 'KEY'"
        ]
    ),
    MalformedProfile(
        name: "a secret of a bad name",
        yaml: head + "notes: { handler: file, path: n, url: \"${secret:../KEY}\" }\n" + clocks,
        messages: [
            "bad.yaml:3:39: notes.url: names a secret wrongly; use letters, digits, '_', '-' and '.', and do "
                + "not begin with '.'"
        ]
    ),
    MalformedProfile(
        name: "an unknown reference",
        yaml: head + "notes: { handler: file, path: n, url: \"${env:HOME}\" }\n" + clocks,
        messages: [
            "bad.yaml:3:39: notes.url: has a reference that cannot be read; write '${secret:NAME}'"
        ]
    ),
    MalformedProfile(
        name: "an unfinished reference",
        yaml: head + "notes: { handler: file, path: n, url: \"${secret:KEY\" }\n" + clocks,
        messages: [
            "bad.yaml:3:39: notes.url: has a reference that cannot be read; write '${secret:NAME}'"
        ]
    ),
    MalformedProfile(
        name: "a secret where none is taken",
        yaml: head + "notes: { handler: file, path: n, cache: \"${secret:KEY}\" }\n" + clocks,
        messages: [
            "bad.yaml:3:41: notes.cache: takes no secret; write the value itself"
        ]
    ),
]
