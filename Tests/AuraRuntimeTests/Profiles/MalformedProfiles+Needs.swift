private let head = "profile: bad\nenvironment: mobile\n"
private let clocks = "time: { handler: system }\nrandom: { handler: system }\n"
private let notes = "notes: { handler: file, path: n }\n"

let malformedNeeds: [MalformedProfile] = [
    MalformedProfile(
        name: "a waiver that is text",
        yaml: head + "waive: notes.durable\n" + notes + clocks,
        messages: [
            "bad.yaml:3:1: waive: must be a list, not text; write 'waive: [journal.durable]'"
        ]
    ),
    MalformedProfile(
        name: "a waiver that is a mapping",
        yaml: head + "waive: [{ notes: durable }]\n" + notes + clocks,
        messages: [
            "bad.yaml:3:9: waive: names a need as EFFECT.CAPABILITY, not a mapping; write 'waive: [journal.durable]'"
        ]
    ),
    MalformedProfile(
        name: "a waiver without a capability",
        yaml: head + "waive: [notes]\n" + notes + clocks,
        messages: [
            "bad.yaml:3:9: waive: 'notes' is no need; write EFFECT.CAPABILITY, such as 'journal.durable'"
        ]
    ),
    MalformedProfile(
        name: "a misspelt waiver",
        yaml: head + "waive: [notes.durabel]\nnotes: { handler: list }\n" + clocks,
        messages: [
            "bad.yaml:3:9: waive: the application has no need 'notes.durabel'; did you mean 'notes.durable'?",
            "bad.yaml:4:19: notes: the application needs 'durable', which 'list' does not declare; choose "
                + "another handler that does (linked: file, broken), or for development add 'waive: [notes.durable]'",
        ]
    ),
    MalformedProfile(
        name: "a waiver on a server",
        yaml: "profile: bad\nenvironment: server\nwaive: [notes.durable]\nnotes: { handler: list }\n" + clocks,
        messages: [
            "bad.yaml:3:9: waive: nothing is waived where the environment is server; remove 'waive', or choose "
                + "handlers that do what the application needs"
        ]
    ),
    MalformedProfile(
        name: "a need that is not met",
        yaml: head + "notes: { handler: list }\n" + clocks,
        messages: [
            "bad.yaml:3:19: notes: the application needs 'durable', which 'list' does not declare; choose "
                + "another handler that does (linked: file, broken), or for development add 'waive: [notes.durable]'"
        ]
    ),
    MalformedProfile(
        name: "a setting that takes a capability away",
        yaml: head + "notes: { handler: file, path: n, queue: 9, synchronous: normal }\n" + clocks,
        messages: [
            "bad.yaml:3:57: notes.synchronous: the application needs 'durable', which 'file' declares with its default "
                + "settings but not with 'synchronous: normal'; go back to 'synchronous: full', choose another handler "
                + "that does (linked: broken), or for development add 'waive: [notes.durable]'"
        ]
    ),
    MalformedProfile(
        name: "a need without a handler",
        yaml: head + clocks,
        messages: [
            "bad.yaml: notes: the application needs it, and the profile has none; add 'notes'; linked: list, "
                + "file, broken, marked, drawn"
        ]
    ),
    MalformedProfile(
        name: "an extended profile that is not there",
        yaml: head + "extends: nowhere.yaml\n" + notes + clocks,
        messages: [
            "bad.yaml:3:10: extends: there is no file 'nowhere.yaml'; name a profile, or the path of one"
        ]
    ),
    MalformedProfile(
        name: "a profile that extends itself",
        yaml: head + "extends: bad\n" + notes + clocks,
        messages: [
            "bad.yaml:3:10: extends: 'bad' extends this profile in turn; remove one 'extends'"
        ]
    ),
    MalformedProfile(
        name: "a wrong setting of a named instance",
        yaml: head + "notes: { default: { handler: file, path: n }, archive: { handler: file, pth: m } }\n" + clocks,
        messages: [
            "bad.yaml:3:73: notes.archive.pth: unknown setting; did you mean 'path'? 'file' takes: path, "
                + "synchronous, cache, queue, vacuumOnClose, interval, url, mirrors, encryption.key"
        ]
    ),
    MalformedProfile(
        name: "several mistakes at once",
        yaml: "profile: bad\nenvironment: mobil\nnotes: { handler: file, pth: n, queue: x }\nrandom: { handler: "
            + "sytem }\n",
        messages: [
            "bad.yaml: time: the application needs it, and the profile has none; add 'time'; linked: system",
            "bad.yaml:2:14: environment: there is no environment 'mobil'; did you mean 'mobile'? write "
                + "'environment: server', 'mobile' or 'embedded', or limits: { memory: …, cpu: …, io: … }",
            "bad.yaml:3:25: notes.pth: unknown setting; did you mean 'path'? 'file' takes: path, synchronous, "
                + "cache, queue, vacuumOnClose, interval, url, mirrors, encryption.key",
            "bad.yaml:3:40: notes.queue: must be a whole number from 1 to 1000, not 'x'",
            "bad.yaml:4:20: random.handler: the application links no handler 'sytem' for 'random'; did you mean "
                + "'system'? linked: system",
        ]
    ),
]

let malformedVariables: [MalformedProfile] = [
    MalformedProfile(
        name: "a variable with a bad value",
        yaml: head + notes + clocks,
        variables: ["AURA_NOTES_QUEUE": "x"],
        messages: [
            "environment variable AURA_NOTES_QUEUE: notes.queue: must be a whole number from 1 to 1000, not 'x'"
        ]
    ),
    MalformedProfile(
        name: "a variable that takes a capability away",
        yaml: "profile: bad\nenvironment: server\n" + notes + clocks,
        variables: ["AURA_NOTES_SYNCHRONOUS": "off"],
        messages: [
            "environment variable AURA_NOTES_SYNCHRONOUS: notes.synchronous: the application needs 'durable', which "
                + "'file' declares with its default settings but not with 'synchronous: off'; go back to "
                + "'synchronous: full', choose another handler that does (linked: broken)"
        ]
    ),
    MalformedProfile(
        name: "a variable that names an unknown handler",
        yaml: head + notes + clocks,
        variables: ["AURA_NOTES_HANDLER": "fil"],
        messages: [
            "environment variable AURA_NOTES_HANDLER: notes.handler: the application links no handler 'fil' for "
                + "'notes'; did you mean 'file'? linked: list, file, broken, marked, drawn"
        ]
    ),
    MalformedProfile(
        name: "a variable that names an unknown environment",
        yaml: head + notes + clocks,
        variables: ["AURA_ENVIRONMENT": "desktop"],
        messages: [
            "environment variable AURA_ENVIRONMENT: environment: there is no environment 'desktop'; write "
                + "'environment: server', 'mobile' or 'embedded', or limits: { memory: …, cpu: …, io: … }"
        ]
    ),
    MalformedProfile(
        name: "a variable that makes a waiver one on a server",
        yaml: head + "waive: [notes.durable]\nnotes: { handler: list }\n" + clocks,
        variables: ["AURA_ENVIRONMENT": "server"],
        messages: [
            "bad.yaml:3:9: waive: nothing is waived where the environment is server; remove 'waive', or choose "
                + "handlers that do what the application needs"
        ]
    ),
    MalformedProfile(
        name: "a variable that chooses a handler without its settings",
        yaml: head + "waive: [notes.durable]\nnotes: { handler: list }\n" + clocks,
        variables: ["AURA_NOTES_HANDLER": "file"],
        messages: [
            "environment variable AURA_NOTES_HANDLER: notes.path: is missing, and 'file' needs it; set "
                + "AURA_NOTES_PATH: The file of the notes."
        ]
    ),
]
