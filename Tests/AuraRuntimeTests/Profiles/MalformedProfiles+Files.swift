private let head = "profile: bad\nenvironment: mobile\n"
private let clocks = "time: { handler: system }\nrandom: { handler: system }\n"
private let notes = "notes: { handler: file, path: n }\n"

let malformedFiles: [MalformedProfile] = [
    MalformedProfile(
        name: "an empty file",
        yaml: "",
        messages: [
            "bad.yaml: is empty; a profile begins with 'profile: NAME'"
        ]
    ),
    MalformedProfile(
        name: "a file of comments",
        yaml: "# nothing\n",
        messages: [
            "bad.yaml: is empty; a profile begins with 'profile: NAME'"
        ]
    ),
    MalformedProfile(
        name: "a list at the top",
        yaml: "- profile\n- dev\n",
        messages: [
            "bad.yaml:1:1: a profile is a mapping of keys to values, this is a list; begin with 'profile: NAME'"
        ]
    ),
    MalformedProfile(
        name: "text at the top",
        yaml: "profile\n",
        messages: [
            "bad.yaml:1:1: a profile is a mapping of keys to values, this is text; begin with 'profile: NAME'"
        ]
    ),
    MalformedProfile(
        name: "a tab as indentation",
        yaml: head + "notes:\n\thandler: list\n",
        messages: [
            "bad.yaml:4:1: not valid YAML: found character that cannot start any token; look at quotes, "
                + "brackets and indentation here and above"
        ]
    ),
    MalformedProfile(
        name: "an unclosed mapping",
        yaml: head + "notes: { handler: list\n" + clocks,
        messages: [
            "bad.yaml:4:5: not valid YAML: did not find expected ',' or '}'; look at quotes, brackets and "
                + "indentation here and above"
        ]
    ),
    MalformedProfile(
        name: "an unclosed quote",
        yaml: head + "notes: { handler: \"list }\n",
        messages: [
            "bad.yaml:4:1: not valid YAML: found unexpected end of stream; look at quotes, brackets and "
                + "indentation here and above"
        ]
    ),
    MalformedProfile(
        name: "two documents",
        yaml: head + notes + clocks + "---\nprofile: other\n",
        messages: [
            "bad.yaml:6:1: found another document; a profile is one document that defines "
                + "what it refers to"
        ]
    ),
    MalformedProfile(
        name: "a key twice",
        yaml: head + notes + clocks + "notes: { handler: list }\n",
        messages: [
            "bad.yaml:3:1: notes: occurs twice in one mapping; keep one"
        ]
    ),
    MalformedProfile(
        name: "an unknown alias",
        yaml: head + "notes: *shared\n" + clocks,
        messages: [
            "bad.yaml:3:8: found undefined alias; a profile is one document that defines what "
                + "it refers to"
        ]
    ),
    MalformedProfile(
        name: "a key that is a list",
        yaml: head + notes + clocks + "[a, b]: c\n",
        messages: [
            "bad.yaml:6:1: a key is text; write 'key: value'"
        ]
    ),
    MalformedProfile(
        name: "values nested too deep",
        yaml: head + notes + clocks
            + "deep: { a: { a: { a: { a: { a: { a: { a: { a: { a: { a: { a: { a: { a: { a: { a: { a: { a: b } } } "
            + "} } } } } } } } } } } } } }\n",
        messages: [
            "bad.yaml:6:87: a profile has at most 10000 values, 16 deep; write it without aliases"
        ]
    ),
]

let malformedKeys: [MalformedProfile] = [
    MalformedProfile(
        name: "no name",
        yaml: "environment: mobile\n" + notes + clocks,
        messages: [
            "bad.yaml: profile: is missing; begin with 'profile: NAME'"
        ]
    ),
    MalformedProfile(
        name: "a name that is a list",
        yaml: "profile: [bad]\nenvironment: mobile\n" + notes + clocks,
        messages: [
            "bad.yaml:1:1: profile: must be a name, not a list; write 'profile: dev'"
        ]
    ),
    MalformedProfile(
        name: "no environment",
        yaml: "profile: bad\n" + notes + clocks,
        messages: [
            "bad.yaml: environment: is missing; write 'environment: server', 'mobile' or 'embedded', or limits: "
                + "{ memory: …, cpu: …, io: … }"
        ]
    ),
    MalformedProfile(
        name: "an unknown environment",
        yaml: "profile: bad\nenvironment: mobil\n" + notes + clocks,
        messages: [
            "bad.yaml:2:14: environment: there is no environment 'mobil'; did you mean 'mobile'? write "
                + "'environment: server', 'mobile' or 'embedded', or limits: { memory: …, cpu: …, io: … }"
        ]
    ),
    MalformedProfile(
        name: "an environment that is a list",
        yaml: "profile: bad\nenvironment: [mobile]\n" + notes + clocks,
        messages: [
            "bad.yaml:2:1: environment: must be a name or limits, not a list; write 'environment: server', "
                + "'mobile' or 'embedded', or limits: { memory: …, cpu: …, io: … }"
        ]
    ),
    MalformedProfile(
        name: "an environment without a value",
        yaml: "profile: bad\nenvironment:\n" + notes + clocks,
        messages: [
            "bad.yaml:2:1: environment: must be a name or limits, not nothing; write 'environment: server', "
                + "'mobile' or 'embedded', or limits: { memory: …, cpu: …, io: … }"
        ]
    ),
    MalformedProfile(
        name: "limits that lack one",
        yaml: "profile: bad\nenvironment: { memory: 1 GiB, cpu: 0.5 }\n" + notes + clocks,
        messages: [
            "bad.yaml:2:1: environment.io: is missing; limits of one's own are memory, cpu and io together"
        ]
    ),
    MalformedProfile(
        name: "an unknown limit",
        yaml: "profile: bad\nenvironment: { memory: 1 GiB, cpu: 0.5, io: 5 MiB/s, memori: 2 GiB }\n" + notes + clocks,
        messages: [
            "bad.yaml:2:54: environment.memori: unknown limit; did you mean 'memory'? an environment takes: "
                + "memory, cpu, io"
        ]
    ),
    MalformedProfile(
        name: "a memory limit in decimal units",
        yaml: "profile: bad\nenvironment: { memory: 1 GB, cpu: 0.5, io: 5 MiB/s }\n" + notes + clocks,
        messages: [
            "bad.yaml:2:24: environment.memory: must be a number of bytes such as '512', '64 KiB', '10 MiB' or "
                + "'2 GiB', not '1 GB'"
        ]
    ),
    MalformedProfile(
        name: "a memory limit of nothing",
        yaml: "profile: bad\nenvironment: { memory: 0, cpu: 0.5, io: 5 MiB/s }\n" + notes + clocks,
        messages: [
            "bad.yaml:2:24: environment.memory: must be more than 0, not '0'"
        ]
    ),
    MalformedProfile(
        name: "a negative number of cores",
        yaml: "profile: bad\nenvironment: { memory: 1 GiB, cpu: -1, io: 5 MiB/s }\n" + notes + clocks,
        messages: [
            "bad.yaml:2:36: environment.cpu: must be a number of cores such as 0.5, not '-1'"
        ]
    ),
    MalformedProfile(
        name: "a rate without a time",
        yaml: "profile: bad\nenvironment: { memory: 1 GiB, cpu: 0.5, io: 5 MiB }\n" + notes + clocks,
        messages: [
            "bad.yaml:2:45: environment.io: must be a rate such as '20 MiB/s', not '5 MiB'"
        ]
    ),
    MalformedProfile(
        name: "an unknown key",
        yaml: head + notes + clocks + "polisy: strict\n",
        messages: [
            "bad.yaml:6:1: polisy: unknown key; did you mean 'policy'? a profile takes: profile, extends, "
                + "environment, waive, policy, telemetry, faults, and the effects storage, journal, network, time, "
                + "random, crypto, keys, http, secrets, notes, cloud"
        ]
    ),
    MalformedProfile(
        name: "sections of what surrounds handlers, each wrong",
        yaml: head + notes + clocks
            + "policy: { deadlin: 60s }\ntelemetry: { metrics: 7 }\nfaults: { operations: { storage.reed: {} } }\n",
        messages: [
            "bad.yaml:6:11: policy.deadlin: unknown key; did you mean 'deadline'? a policy takes: deadline, retry, "
                + "concurrency, breaker, attemptTimeout, overrides",
            "bad.yaml:7:23: telemetry.metrics: must be true or false, not '7'",
            "bad.yaml:8:25: faults.operations.storage.reed: unknown operation; did you mean 'storage.read'? "
                + "write EFFECT.OPERATION, 'EFFECT.*' or '*'",
        ]
    ),
    MalformedProfile(
        name: "faults on a server",
        yaml: "profile: bad\nenvironment: server\n" + notes + clocks
            + "faults: { operations: { '*': { rate: 0.5, error: unavailable } } }\n",
        messages: [
            "bad.yaml:6:1: faults: calls do not fail on purpose where the environment is server; remove 'faults'"
        ]
    ),
    MalformedProfile(
        name: "a misspelt environment key",
        yaml: "profile: bad\nenviroment: mobile\n" + notes + clocks,
        messages: [
            "bad.yaml:2:1: enviroment: unknown key; did you mean 'environment'? a profile takes: profile, "
                + "extends, environment, waive, policy, telemetry, faults, and the effects storage, journal, "
                + "network, time, random, crypto, keys, http, secrets, notes, cloud"
        ]
    ),
    MalformedProfile(
        name: "a misspelt effect",
        yaml: head + "nots: { handler: list }\n" + clocks,
        messages: [
            "bad.yaml:3:1: nots: unknown key; did you mean 'notes'? a profile takes: profile, extends, "
                + "environment, waive, policy, telemetry, faults, and the effects storage, journal, network, time, "
                + "random, crypto, keys, http, secrets, notes, cloud"
        ]
    ),
    MalformedProfile(
        name: "an effect that is text",
        yaml: head + "notes: list\n" + clocks,
        messages: [
            "bad.yaml:3:1: notes: must be a mapping, not text; write 'notes: { handler: NAME }'"
        ]
    ),
    MalformedProfile(
        name: "an effect without a value",
        yaml: head + "notes:\n" + clocks,
        messages: [
            "bad.yaml:3:1: notes: must be a mapping, not nothing; write 'notes: { handler: NAME }'"
        ]
    ),
    MalformedProfile(
        name: "an effect without a handler",
        yaml: head + "notes: { path: n }\n" + clocks,
        messages: [
            "bad.yaml:3:1: notes: names no handler; add 'handler: NAME'; linked: list, file, broken, marked, drawn"
        ]
    ),
    MalformedProfile(
        name: "a handler that is a list",
        yaml: head + "notes: { handler: [list] }\n" + clocks,
        messages: [
            "bad.yaml:3:10: notes.handler: must be a handler's name, not a list"
        ]
    ),
    MalformedProfile(
        name: "a misspelt handler",
        yaml: head + "notes: { handler: fil, path: n }\n" + clocks,
        messages: [
            "bad.yaml:3:19: notes.handler: the application links no handler 'fil' for 'notes'; did you mean "
                + "'file'? linked: list, file, broken, marked, drawn"
        ]
    ),
    MalformedProfile(
        name: "a handler that is not linked",
        yaml: head + "notes: { handler: postgresql, url: x }\n" + clocks,
        messages: [
            "bad.yaml:3:19: notes.handler: the application links no handler 'postgresql' for 'notes'; linked: "
                + "list, file, broken, marked, drawn"
        ]
    ),
    MalformedProfile(
        name: "a handler for a built-in effect without any",
        yaml: head + notes + clocks + "journal: { path: n }\n",
        messages: [
            "bad.yaml:6:1: journal: names no handler; add 'handler: NAME'; none is linked"
        ]
    ),
]
