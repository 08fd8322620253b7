private let head = "profile: bad\nenvironment: mobile\n"
private let clocks = "time: { handler: system }\nrandom: { handler: system }\n"
private let linked = "linked: list, file, broken, marked, drawn"
private let fileTakes =
    "'file' takes: path, synchronous, cache, queue, vacuumOnClose, interval, url, mirrors, encryption.key"

let malformedNesting: [MalformedProfile] = [
    MalformedProfile(
        name: "a handler over others without one",
        yaml: head + "notes: { handler: marked }\n" + clocks,
        messages: [
            "bad.yaml:3:1: notes.over: is missing; add 'over: { handler: NAME }': The notes that get a mark. \(linked)"
        ]
    ),
    MalformedProfile(
        name: "a handler underneath that is text",
        yaml: head + "notes: { handler: marked, over: file }\n" + clocks,
        messages: ["bad.yaml:3:33: notes.over: must be a mapping, not text; write 'over: { handler: NAME }'"]
    ),
    MalformedProfile(
        name: "a handler underneath without a name",
        yaml: head + "notes: { handler: marked, over: { path: n } }\n" + clocks,
        messages: ["bad.yaml:3:27: notes.over: names no handler; add 'handler: NAME'; \(linked)"]
    ),
    MalformedProfile(
        name: "a handler underneath that says nothing",
        yaml: head + "notes: { handler: marked, over: {} }\n" + clocks,
        messages: ["bad.yaml:3:27: notes.over: names no handler; add 'handler: NAME'; \(linked)"]
    ),
    MalformedProfile(
        name: "a handler underneath whose name is a list",
        yaml: head + "notes: { handler: marked, over: { handler: [file] } }\n" + clocks,
        messages: ["bad.yaml:3:35: notes.over.handler: must be a handler's name, not a list"]
    ),
    MalformedProfile(
        name: "an unknown handler underneath",
        yaml: head + "notes: { handler: marked, over: { handler: fil, path: n } }\n" + clocks,
        messages: [
            "bad.yaml:3:44: notes.over.handler: the application links no handler 'fil' for 'notes'; did you mean "
                + "'file'? \(linked)"
        ]
    ),
    MalformedProfile(
        name: "a handler underneath of another family",
        yaml: head + "notes: { handler: drawn, source: { handler: list } }\n" + clocks,
        messages: [
            "bad.yaml:3:45: notes.source.handler: the application links no handler 'list' for 'random'; linked: system"
        ]
    ),
    MalformedProfile(
        name: "a misspelt setting of the handler underneath",
        yaml: head + "notes: { handler: marked, over: { handler: file, path: n, pth: n } }\n" + clocks,
        messages: ["bad.yaml:3:59: notes.over.pth: unknown setting; did you mean 'path'? \(fileTakes)"]
    ),
    MalformedProfile(
        name: "a missing setting of the handler underneath",
        yaml: head + "notes: { handler: marked, over: { handler: file } }\n" + clocks,
        messages: [
            "bad.yaml:3:27: notes.over.path: is missing, and 'file' needs it; add 'path: …': The file of the notes."
        ]
    ),
    MalformedProfile(
        name: "a wrong value two handlers deep",
        yaml: head + "notes:\n  handler: marked\n  over:\n    handler: marked\n    over:\n      handler: file\n"
            + "      path: n\n      queue: x\n" + clocks,
        messages: [
            "bad.yaml:10:14: notes.over.over.queue: must be a whole number from 1 to 1000, not 'x'"
        ]
    ),
    MalformedProfile(
        name: "a misspelt key of the handler underneath",
        yaml: head + "notes: { handler: marked, ovr: { handler: file, path: n } }\n" + clocks,
        messages: ["bad.yaml:3:27: notes.ovr: unknown setting; did you mean 'over'? 'marked' takes: over, mark"]
    ),
    MalformedProfile(
        name: "a handler under one that takes none",
        yaml: head + "notes: { handler: file, path: n, over: { handler: list } }\n" + clocks,
        messages: ["bad.yaml:3:34: notes.over: unknown setting; \(fileTakes)"]
    ),
    MalformedProfile(
        name: "a handler underneath that lacks a needed capability",
        yaml: head + "notes: { handler: marked, over: { handler: list } }\n" + clocks,
        messages: [
            "bad.yaml:3:44: notes.over: the application needs 'durable', which 'marked' over 'list' does not declare; "
                + "choose another handler for 'notes.over' that does (linked: file, broken), or for development add "
                + "'waive: [notes.durable]'"
        ]
    ),
    MalformedProfile(
        name: "a setting underneath that takes a needed capability away",
        yaml: head + "notes: { handler: marked, mark: a, over: { handler: file, path: n, synchronous: off } }\n"
            + clocks,
        messages: [
            "bad.yaml:3:81: notes.over.synchronous: the application needs 'durable', which 'marked' declares with its "
                + "default settings but not with 'over.synchronous: off'; go back to 'over.synchronous: full', choose "
                + "another handler that does (linked: file, broken), or for development add 'waive: [notes.durable]'"
        ]
    ),
    MalformedProfile(
        name: "a variable that names an unknown handler underneath",
        yaml: head + "notes: { handler: marked, over: { handler: file, path: n } }\n" + clocks,
        variables: ["AURA_NOTES_OVER_HANDLER": "fil"],
        messages: [
            "environment variable AURA_NOTES_OVER_HANDLER: notes.over.handler: the application links no handler 'fil' "
                + "for 'notes'; did you mean 'file'? \(linked)"
        ]
    ),
    MalformedProfile(
        name: "a variable that chooses a handler over others without one",
        yaml: head + "notes: { handler: file, path: n }\n" + clocks,
        variables: ["AURA_NOTES_HANDLER": "marked"],
        messages: [
            "environment variable AURA_NOTES_HANDLER: notes.over: names no handler; set AURA_NOTES_OVER_HANDLER; "
                + linked
        ]
    ),
    MalformedProfile(
        name: "a variable that chooses a handler underneath without its settings",
        yaml: head + "notes: { handler: marked, over: { handler: list } }\n" + clocks,
        variables: ["AURA_NOTES_OVER_HANDLER": "file"],
        messages: [
            "environment variable AURA_NOTES_OVER_HANDLER: notes.over.path: is missing, and 'file' needs it; set "
                + "AURA_NOTES_OVER_PATH: The file of the notes."
        ]
    ),
]
