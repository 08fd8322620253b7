internal import Foundation
internal import Testing

/// The command line as a user has it: a process with arguments, variables and exit codes.
@Suite("Command line")
struct CommandLineTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        let time = "time: { handler: system }\nrandom: { handler: system }\n"
        try folder.write([
            "Profiles/dev.yaml": """
            profile: dev
            environment: mobile
            waive: [notes.durable]
            notes: { handler: list }
            folder: { handler: posix }
            \(time)
            """,
            "Profiles/full.yaml": """
            profile: full
            extends: dev
            environment: { memory: 8 MiB, cpu: 0.05, io: 2 MiB/s }
            waive: []
            notes: { handler: file, path: data/notes, encryption: { key: "${secret:KEY}" } }
            """,
            "Profiles/bad.yaml": "profile: bad\nenvironment: mobile\nnotes: { handler: fil }\n\(time)",
            "Profiles/weak.yaml": "profile: weak\nenvironment: mobile\nnotes: { handler: list }\n\(time)",
        ])
    }

    @Test("a command runs on the default profile and exits with 0")
    func command() throws {
        let outcome = try FixtureProcess.run("add", "a note", in: folder)
        #expect(outcome.code == 0)
        #expect(outcome.output.contains("1 note on dev\n"))
        #expect(outcome.output.contains("stop list"))
        #expect(outcome.errorLines.isEmpty)
        #expect(outcome.errors.contains("The profile 'dev' waives 'notes.durable': 'list' does without it."))
    }

    @Test("--profile selects before APP_PROFILE, which selects before the default")
    func selection() throws {
        let variables = ["APP_PROFILE": "full", "KEY": "k"]
        let byVariable = try FixtureProcess.run("add", "a note", in: folder, variables: variables)
        #expect(byVariable.output.contains("1 note on full\n"))
        let byOption = try FixtureProcess.run("add", "a note", "--profile", "dev", in: folder, variables: variables)
        #expect(byOption.output.contains("1 note on dev\n"))
        let byPath = try FixtureProcess.run("add", "a note", "--profile", "./Profiles/dev.yaml", in: folder)
        #expect(byPath.output.contains("1 note on dev\n"))
    }

    @Test("profiles above the executable are found from any working directory")
    func besideExecutable() throws {
        let executable = URL(fileURLWithPath: "\(folder.path)/bin/notebook")
        try folder.write(["bin/empty": ""])
        // By a process of its own: a child that another test starts meanwhile would hold this one's file open for writing, and a
        // file that somebody writes cannot be run.
        let copy = [FixtureProcess.executable.path, executable.path]
        _ = try FixtureProcess(copy, in: folder, executable: URL(fileURLWithPath: "/bin/cp")).wait()
        let elsewhere = try TemporaryFolder()
        let outcome = try FixtureProcess(["profile", "check"], in: elsewhere, executable: executable).wait()
        #expect(outcome.output.hasPrefix("dev (\(folder.path)/Profiles/dev.yaml): right\n"))
    }

    @Test("--log-level silences the warnings")
    func logLevel() throws {
        let outcome = try FixtureProcess.run("add", "a note", "--log-level", "error", in: folder)
        #expect(outcome.errors.isEmpty)
    }

    @Test("a failure is one line on the error stream and exits with 1")
    func failure() throws {
        let outcome = try FixtureProcess.run("add", "nothing", in: folder)
        #expect(outcome.code == 1)
        #expect(outcome.errorLines == ["error: notes: notFound: There is nothing to add."])
        #expect(outcome.output.contains("stop list"))
    }

    @Test("a wrong profile names every mistake, starts nothing, and exits with 78")
    func badProfile() throws {
        let outcome = try FixtureProcess.run("add", "a note", "--profile", "bad", in: folder)
        #expect(outcome.code == 78)
        #expect(outcome.output.isEmpty)
        #expect(
            outcome.errorLines == [
                "error: Profiles/bad.yaml:3:19: notes.handler: the application links no handler 'fil' for 'notes'; "
                    + "did you mean 'file'? linked: list, file, broken, marked, drawn"
            ]
        )
    }

    @Test("wrong usage exits with 64 and shows the usage")
    func usage() throws {
        for arguments in [["add"], ["ad"], ["add", ""], ["add", "a", "--log-level", "loud"]] {
            let outcome = try FixtureProcess(arguments, in: folder).wait()
            #expect(outcome.code == 64)
            #expect(outcome.errors.hasPrefix("error: "))
            #expect(outcome.errors.contains("Usage: notebook"))
        }
    }

    @Test("help shows the commands, the examples and the exit codes")
    func help() throws {
        let outcome = try FixtureProcess.run("--help", in: folder)
        #expect(outcome.code == 0)
        for text in ["Keeps notes.", "Example: notebook add", "Exit codes: 0 done", "add", "wait", "profile"] {
            #expect(outcome.output.contains(text))
        }
        #expect(outcome.output.contains("Without --profile and $APP_PROFILE the profile is 'dev'."))
        // The application consists of commands, so 'run' works and is not listed.
        #expect(!outcome.output.contains("  run "))
        #expect(try FixtureProcess.run("run", in: folder).output.contains("OVERVIEW: Keeps notes."))
    }

    @Test(
        "a signal cancels the command, stops the handlers in order, and exits with 130",
        arguments: [SIGTERM, SIGINT]
    )
    func signal(_ signal: Int32) throws {
        let process = try FixtureProcess(["wait"], in: folder)
        let before = process.waitForOutput("waiting\n")
        process.send(signal)
        let outcome = process.wait()
        #expect(before.hasSuffix("waiting\n"))
        #expect(
            outcome.output
                == "asked to stop\nstop list\nstop random\nstop time\nstop random\nstop time\n"
        )
        #expect(outcome.code == 130)
        #expect(outcome.errorLines == ["error: stopped by a signal before it was done"])
    }

    @Test("profile check says what is right, wrong, waived and left out, and exits with 78 where one is wrong")
    func check() throws {
        let right = try FixtureProcess.run("profile", "check", in: folder)
        #expect(right.code == 0)
        #expect(
            right.output == """
                dev (Profiles/dev.yaml): right
                note: waives notes.durable
                note: leaves out 'folder', which this application does not have

                """
        )
        let both = try FixtureProcess.run("profile", "check", "dev", "weak", in: folder)
        #expect(both.code == 78)
        #expect(both.output.contains("dev (Profiles/dev.yaml): right\n"))
        #expect(both.output.contains("error: Profiles/weak.yaml:3:19: notes: the application needs 'durable'"))
        #expect(both.errors.isEmpty)
    }

    @Test("profile check --json is one array with every mistake")
    func checkJSON() throws {
        let outcome = try FixtureProcess.run("profile", "check", "bad", "--json", in: folder)
        #expect(outcome.code == 78)
        #expect(
            outcome.output == """
                [
                  {
                    "profile": "bad",
                    "file": "Profiles/bad.yaml",
                    "right": false,
                    "errors": [
                      {
                        "code": "unknownHandler",
                        "place": {
                          "file": "Profiles/bad.yaml",
                          "line": 3,
                          "column": 19
                        },
                        "key": "notes.handler",
                        "message": "the application links no handler 'fil' for 'notes'; did you mean 'file'? linked: \
                list, file, broken, marked, drawn"
                      }
                    ],
                    "warnings": [],
                    "waived": [],
                    "skipped": []
                  }
                ]

                """
        )
    }

    @Test("profile needs says how each need is met")
    func needs() throws {
        let outcome = try FixtureProcess.run("profile", "needs", in: folder)
        #expect(
            outcome.output == """
                dev (Profiles/dev.yaml)
                  notes durable  waived     list
                  time           satisfied  system
                  random         satisfied  system

                """
        )
        #expect(try FixtureProcess.run("profile", "needs", "--profile", "weak", in: folder).code == 78)
    }

    @Test("profile needs --json is one object")
    func needsJSON() throws {
        let outcome = try FixtureProcess.run("profile", "needs", "--json", in: folder)
        let object = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
        let needs = try #require((object as? [String: Any])?["needs"] as? [[String: String]])
        #expect(needs.map { $0["status"] } == ["waived", "satisfied", "satisfied"])
        #expect(needs.map { $0["effect"] } == ["notes", "time", "random"])
    }

    @Test(
        "profile needs and profile explain with --json print a wrong profile's mistakes as one object",
        arguments: ["needs", "explain"]
    )
    func wrongAsJSON(_ command: String) throws {
        let outcome = try FixtureProcess.run("profile", command, "--profile", "weak", "--json", in: folder)
        #expect(outcome.code == 78)
        #expect(outcome.errors.isEmpty)
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
        )
        #expect(object["file"] as? String == "Profiles/weak.yaml")
        #expect(object["right"] as? Bool == false)
        let errors = try #require(object["errors"] as? [[String: Any]])
        #expect(errors.map { $0["code"] as? String } == ["needNotMet"])
        let lines = try FixtureProcess.run("profile", command, "--profile", "weak", in: folder)
        #expect(lines.output.isEmpty)
        #expect(lines.errorLines.count == 1)
    }

    @Test("profile explain names the source of each value, the budget, and what handlers make of it")
    func explain() throws {
        let variables = ["KEY": "k3y", "AURA_NOTES_QUEUE": "7", "AURA_NOTES_MIRRORS": "a,b"]
        let outcome = try FixtureProcess.run(
            "profile",
            "explain",
            "--profile",
            "full",
            in: folder,
            variables: variables
        )
        #expect(outcome.output == Self.explanation)
        #expect(outcome.code == 0)
    }

    @Test("profile explain --json is one object and redacts secrets")
    func explainJSON() throws {
        let outcome = try FixtureProcess.run(
            "profile",
            "explain",
            "--profile",
            "full",
            "--json",
            in: folder,
            variables: ["KEY": "k3y"]
        )
        #expect(!outcome.output.contains("k3y"))
        let object = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
        let handlers = try #require((object as? [String: Any])?["handlers"] as? [[String: Any]])
        #expect(handlers.map { $0["handler"] as? String } == ["system", "system", "file"])
        let settings = try #require(handlers.last?["settings"] as? [[String: Any]])
        #expect(settings.last?["key"] as? String == "encryption.key")
        #expect(settings.last?["value"] as? String == "<redacted>")
        let cache = try #require(settings.first { $0["key"] as? String == "cache" })
        #expect(cache["value"] is NSNull)
        #expect(cache["place"] as? [String: Bool] == ["handler": true])
    }

    private static let explanation = """
        profile full (Profiles/full.yaml)
        extends Profiles/dev.yaml
        environment own limits (Profiles/full.yaml:3:1)

        budget
          memory limit           8 MiB      profile
          CPU quota              0.05       profile
          I/O quota              2 MiB/s    profile
          journal cache          819.2 KiB  memory limit ÷ 10
          write batch            20.48 KiB  I/O quota ÷ 100
          background compaction  off        on where the CPU quota is above 0.5
          readers                1          one per core of the CPU quota, at most 8

        time: system (Profiles/dev.yaml:6:18)
          A clock that stands at one nanosecond after 1970.
          can: the base contract
          surrounded by: metrics, tracing

        random: system (Profiles/dev.yaml:7:20)
          A source that always draws four.
          can: the base contract
          surrounded by: metrics, tracing

        notes: file (Profiles/full.yaml:5:19)
          Notes that say they are durable.
          path            data/notes  Profiles/full.yaml:5:31
          synchronous     full        default
          cache           –           not set, the handler decides
          queue           7           environment variable AURA_NOTES_QUEUE
          vacuumOnClose   false       default
          interval        1m          default
          url             –           not set, the handler decides
          mirrors         [a, b]      environment variable AURA_NOTES_MIRRORS
          encryption.key  <redacted>  Profiles/full.yaml:5:62
          can: durable, transactions
          makes of the budget: cache 819.2 KiB

        left out: folder

        """
}
