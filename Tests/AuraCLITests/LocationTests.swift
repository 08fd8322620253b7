#if SQLite
internal import Foundation
internal import Testing

/// How journals and storages are named, and what is said where that is wrong.
struct LocationTests {
    let place: Workplace

    init() throws {
        place = try Workplace()
    }

    @Test(
        "a wrong location ends with 78 and says what to write",
        arguments: [
            (
                "notes.db",
                "location 'notes.db': names no handler; write HANDLER:PATH such as 'sqlite:notes.db', or 'profile:NAME'"
            ),
            (":notes.db", "names no handler"),
            ("sqlite:", "location 'sqlite:': says no path; write 'sqlite:PATH'"),
            (
                "sqlite:a.db,synchronous",
                "behind a comma stands KEY=VALUE; for a comma in a value write '\\,'"
            ),
            ("sqlite:a.db,readers=1,readers=2", "readers: occurs twice; keep one"),
            ("sqlite:a.db,path=b.db", "path: stands behind the colon already"),
            ("sqlite:a.db,synchronus=full", "journal.synchronus: unknown setting; did you mean 'synchronous'?"),
            ("sqlite:a.db,synchronous=maybe", "journal.synchronous: must be one of"),
            ("sqlite:${secret:NONE}", "journal.path: takes no secret"),
            ("memory:x", "'memory' takes nothing behind the colon; write 'memory:'"),
            ("sqlit:a.db", "the application links no handler 'sqlit' for 'journal'; did you mean 'sqlite'?"),
            ("profile:nowhere", "there is no profile 'nowhere'"),
            ("profile:plain,instance=other", "has no such instance; it has: default, archive"),
            ("profile:plain,path=x", "path: a profile takes 'instance' alone"),
            ("profile:timeless", "the profile 'timeless' has no journal"),
        ]
    )
    func wrong(location: String, message: String) throws {
        try place.write(Self.profile, to: "Profiles/plain.yaml")
        try place.write(
            "profile: timeless\nenvironment: mobile\ntime: { handler: system }\n",
            to: "Profiles/timeless.yaml"
        )
        let outcome = try place.aura("journal", "info", location)
        #expect(outcome.code == 78)
        #expect(outcome.output == "")
        #expect(outcome.errors.contains(message), "\(outcome.errors)")
        #expect(outcome.errors.hasPrefix("error: "))

        let asJSON = try place.aura("journal", "info", location, "--json")
        #expect(asJSON.code == 78)
        #expect(asJSON.errors == "")
        let errors = try #require(try asJSON.jsonError["errors"] as? [[String: Any]])
        #expect(errors.count == 1)
        #expect(try place.names == ["Profiles"])
    }

    private static let profile = """
        profile: plain
        environment: mobile
        journal:
          default: { handler: sqlite, path: main.db }
          archive: { handler: sqlite, path: archive.db }
        storage: { handler: sqlite, path: storage.db }
        time: { handler: manual }

        """

    @Test(
        "a command that only reads makes no file: it ends with 66",
        arguments: [
            ["journal", "info"], ["journal", "tail"], ["journal", "tail", "--follow"], ["journal", "verify"],
            ["journal", "adopt"], ["storage", "ls"],
        ]
    )
    func missing(command: [String]) throws {
        let process = try AuraProcess(command + ["sqlite:folder/none.db"], in: place)
        let outcome = process.wait()
        #expect(outcome.code == 66)
        #expect(outcome.errors.contains("There is no folder/none.db"))
        #expect(try place.names == [])
    }

    @Test("a command with more arguments makes no file either")
    func missingWithArguments() throws {
        let commands = [
            ["journal", "compact", "sqlite:none.db", "stream"], ["journal", "backup", "sqlite:none.db", "backup.db"],
            ["storage", "get", "sqlite:none.db", "key"], ["storage", "rm", "sqlite:none.db", "key"],
            ["storage", "copy", "sqlite:none.db", "sqlite:other.db"],
        ]
        for command in commands {
            let outcome = try AuraProcess(command + ["--json"], in: place).wait()
            #expect(outcome.code == 66, "\(command)")
            #expect(try outcome.jsonError["code"] as? String == "notFound")
            #expect(try place.names == [], "\(command)")
        }
    }

    @Test(
        "what stands behind the colon may be secret and is never printed",
        arguments: [
            "postgresql:postgres://user:hunter2@host/db", "postgres://user:hunter2@host/db", ":hunter2",
            "postgresql:postgres://user:pass,hunter2@host", "memory:hunter2", "sqlite:a.db,password=hunter2",
            "profile:embedded,key=hunter2",
        ]
    )
    func secrets(location: String) throws {
        for flags in [[], ["--json"]] {
            let outcome = try AuraProcess(["journal", "info", location] + flags, in: place).wait()
            #expect(outcome.code == 78)
            #expect(!(outcome.output + outcome.errors).contains("hunter2"))
        }
    }

    @Test("a profile's handler is opened alone, and a named instance can be chosen")
    func profiles() async throws {
        try place.write(Self.profile, to: "Profiles/plain.yaml")
        try await place.append(["one"], of: "main.db")
        try await place.append(["two", "three"], of: "archive.db")
        #expect(try place.aura("journal", "info", "profile:plain", "--json").json["entries"] as? Int == 1)
        let archive = try place.aura("journal", "info", "profile:plain,instance=archive", "--json")
        #expect(try archive.json["entries"] as? Int == 2)
        #expect(try place.aura("journal", "info", "profile:Profiles/plain.yaml,instance=default").code == 0)
        #expect(!place.exists("storage.db"))
    }

    @Test("a handler over another one is named too, and makes no file of the other's")
    func layered() throws {
        let profile = """
            profile: layered
            environment: mobile
            storage: { handler: prefixing, prefix: "tenant/", over: { handler: sqlite, path: storage.db } }

            """
        try place.write(profile, to: "Profiles/layered.yaml")
        let location = "prefixing:tenant/,over.handler=sqlite,over.path=storage.db"
        for layered in ["profile:layered", location] {
            #expect(try place.aura("storage", "ls", layered).code == 66)
        }
        #expect(!place.exists("storage.db"))
        #expect(try place.aura("storage", "put", location, "a", "1").code == 0)
        #expect(try place.aura("storage", "get", "profile:layered", "a").output == "1")
        #expect(try place.aura("storage", "get", "sqlite:storage.db", "tenant/a").output == "1")
    }

    @Test("variables override a profile's settings and leave a location as it is")
    func variables() async throws {
        try place.write(Self.profile, to: "Profiles/plain.yaml")
        try await place.append(["one"], of: "main.db")
        try await place.append(["one", "two", "three"], of: "other.db")
        let variables = [
            "AURA_JOURNAL_DEFAULT_PATH": "other.db", "AURA_JOURNAL_PATH": "other.db", "AURA_STORAGE_HANDLER": "x",
        ]
        let profile = try place.aura("journal", "info", "profile:plain", "--json", variables: variables)
        #expect(try profile.json["entries"] as? Int == 3, "\(profile.output)")
        let location = try place.aura("journal", "info", "sqlite:main.db", "--json", variables: variables)
        #expect(try location.json["entries"] as? Int == 1)
    }

    @Test("a comma in a path is written with a backslash")
    func comma() async throws {
        try await place.append(["one"], of: "a,b.db")
        let outcome = try place.aura("journal", "info", "sqlite:a\\,b.db,synchronous=normal", "--json")
        #expect(try outcome.json["entries"] as? Int == 1)
        let settings = try #require(try outcome.json["settings"] as? [String: Any])
        #expect(settings["path"] as? String == "a,b.db")
        #expect(settings["synchronous"] as? String == "normal")
    }

    @Test("another application's database and a file that is none are left as they are")
    func otherFiles() throws {
        try place.write("this is no database, but a text that somebody keeps here", to: "text.db")
        let outcome = try place.aura("journal", "verify", "sqlite:text.db")
        #expect(outcome.code == 65)
        #expect(outcome.errors.contains("not an SQLite database"))
        #expect(try String(contentsOfFile: place.file("text.db"), encoding: .utf8).hasPrefix("this is no database"))
    }
}
#endif
