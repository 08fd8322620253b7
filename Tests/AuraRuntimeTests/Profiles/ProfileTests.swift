internal import AuraEffects
internal import RuntimeFixture
internal import Testing

@testable internal import AuraRuntime

@Suite("Profiles")
struct ProfileTests {
    private func settings(_ assembly: Assembly, of key: String = "notes") -> [String: String] {
        let handler = assembly.handlers.first { $0.key == key }
        let pairs = (handler?.settings ?? []).compactMap { setting in setting.value.map { (setting.key, $0) } }
        return Dictionary(uniqueKeysWithValues: pairs)
    }

    @Test("every type of setting reaches its handler as a value")
    func types() throws {
        let assembly = try Assembly(
            yaml: profile(
                "handler: file, path: a/b, synchronous: off, cache: 1.5 MiB, queue: 7, vacuumOnClose: true, "
                    + "interval: 250ms, url: here"
            ),
            needs: []
        )
        let values = try #require(assembly.handlers.last).values
        #expect(values.string("path") == "a/b")
        #expect(values.string("synchronous") == "off")
        #expect(values.byteCount("cache") == .mebibytes(1.5))
        #expect(values.integer("queue") == 7)
        #expect(values.boolean("vacuumOnClose") == true)
        #expect(values.duration("interval") == .milliseconds(250))
        #expect(values.string("url") == "here")
    }

    @Test("sizes and times are read in every unit")
    func units() throws {
        #expect(try SettingParser.byteCount("512") == .bytes(512))
        #expect(try SettingParser.byteCount("512 B") == .bytes(512))
        #expect(try SettingParser.byteCount("64KiB") == .kibibytes(64))
        #expect(try SettingParser.byteCount("2 GiB") == .gibibytes(2))
        #expect(try SettingParser.duration("90s") == .seconds(90))
        #expect(try SettingParser.duration("1.5 m") == .seconds(90))
        #expect(try SettingParser.duration("2h") == .seconds(7200))
        #expect(try SettingParser.duration("3us") == .microseconds(3))
    }

    @Test(
        "a list is a sequence, or a single value that keeps its commas",
        arguments: [
            ("[a, \"b:1\", 3]", ["a", "b:1", "3"]), ("a", ["a"]), ("\"a, b\"", ["a, b"]), ("[]", []),
        ]
    )
    func lists(_ yaml: String, _ list: [String]) throws {
        let assembly = try Assembly(yaml: profile("handler: file, path: n, mirrors: \(yaml)"))
        #expect(assembly.handlers.last?.values.list("mirrors") == list)
        #expect(settings(assembly)["mirrors"] == "[\(list.joined(separator: ", "))]")
    }

    @Test("a variable replaces a whole list, with commas between its values")
    func listByVariable() throws {
        let yaml = profile("handler: file, path: n, mirrors: [a, b]")
        let assembly = try Assembly(yaml: yaml, variables: ["AURA_NOTES_MIRRORS": "c, d:1 ,e"])
        let notes = try #require(assembly.handlers.last)
        #expect(notes.values.list("mirrors") == ["c", "d:1", "e"])
        #expect(notes.settings.first { $0.key == "mirrors" }?.place == .variable("AURA_NOTES_MIRRORS"))
        #expect(assembly.warnings.isEmpty)
        let none = try Assembly(yaml: yaml, variables: ["AURA_NOTES_MIRRORS": " "])
        #expect(none.handlers.last?.values.list("mirrors")?.isEmpty == true)
    }

    @Test("a list without a value in the profile is none")
    func noList() throws {
        #expect(try #require(Assembly(yaml: profile()).handlers.last).values.list("mirrors") == nil)
    }

    @Test("defaults are filled in, and optional settings stay out")
    func defaults() throws {
        let assembly = try Assembly(yaml: profile())
        let values = try #require(assembly.handlers.last).values
        #expect(values.string("synchronous") == "full")
        #expect(values.integer("queue") == 64)
        #expect(values.byteCount("cache") == nil)
        #expect(values.secret("encryption.key") == nil)
    }

    @Test("an environment variable overrides any setting, and says so")
    func variables() throws {
        let variables = [
            "AURA_NOTES_PATH": "elsewhere", "AURA_NOTES_VACUUM_ON_CLOSE": "true", "AURA_NOTES_ENCRYPTION_KEY": "k",
            "AURA_ENVIRONMENT": "embedded",
        ]
        let assembly = try Assembly(yaml: profile(), variables: variables)
        let notes = try #require(assembly.handlers.last)
        #expect(notes.values.string("path") == "elsewhere")
        #expect(notes.values.boolean("vacuumOnClose") == true)
        #expect(notes.values.secret("encryption.key")?.withExposedValue { $0 } == "k")
        #expect(notes.settings.first { $0.key == "path" }?.place == .variable("AURA_NOTES_PATH"))
        #expect(assembly.environment == .embedded)
        #expect(assembly.environmentPlace == .variable("AURA_ENVIRONMENT"))
        #expect(assembly.warnings.isEmpty)
    }

    @Test("a variable overrides one limit of one's own")
    func limitByVariable() throws {
        let yaml = profile(environment: "{ memory: 1 GiB, cpu: 0.5, io: 5 MiB/s }")
        let assembly = try Assembly(yaml: yaml, variables: ["AURA_ENVIRONMENT_MEMORY": "2 GiB"])
        #expect(assembly.environment == .limits(memory: .gibibytes(2), cpu: 0.5, io: .mebibytes(5)))
    }

    @Test("a variable that chooses another handler leaves the file's settings out")
    func handlerByVariable() throws {
        let yaml = profile("handler: file, path: n, queue: 3") + "\nwaive: [notes.durable]"
        let assembly = try Assembly(yaml: yaml, variables: ["AURA_NOTES_HANDLER": "list"])
        let notes = try #require(assembly.handlers.last)
        #expect(notes.technology == "list")
        #expect(notes.settings.isEmpty)
        #expect(notes.technologyPlace == .variable("AURA_NOTES_HANDLER"))
    }

    @Test("variables alone give a family that the profile leaves out")
    func familyByVariables() throws {
        let yaml = "profile: p\nenvironment: mobile\ntime: { handler: system }\nrandom: { handler: system }\n"
        let assembly = try Assembly(yaml: yaml, variables: ["AURA_NOTES_HANDLER": "file", "AURA_NOTES_PATH": "n"])
        #expect(assembly.handlers.last?.technology == "file")
        #expect(assembly.needs.isMet)
    }

    @Test("a variable that names no setting is warned of, with the nearest one")
    func strayVariable() throws {
        let assembly = try Assembly(yaml: profile(), variables: ["AURA_NOTES_PTH": "x", "AURA_OTHER": "y"])
        #expect(
            assembly.warnings.map(\.description) == [
                "environment variable AURA_NOTES_PTH: names no setting of this profile; "
                    + "did you mean 'AURA_NOTES_PATH'? it has no effect"
            ]
        )
    }

    @Test("so is one of the policy that is misspelt, or of a section that takes none")
    func strayVariableOfSection() throws {
        let variables = [
            "AURA_POLICY_DEADLINE": "7s", "AURA_POLICY_ATTEMPT_TIMOUT": "1s", "AURA_POLICY_RETRY_ATTEMPTS": "3",
            "AURA_TELEMETRY_METRICS": "false",
        ]
        let yaml = profile() + "\npolicy: { retry: { strategy: exponential, attempts: 2 } }\n"
        let assembly = try Assembly(yaml: yaml, variables: variables)
        #expect(
            assembly.warnings.map(\.description) == [
                "environment variable AURA_POLICY_ATTEMPT_TIMOUT: names no setting of this profile; "
                    + "did you mean 'AURA_POLICY_ATTEMPT_TIMEOUT'? it has no effect",
                "environment variable AURA_TELEMETRY_METRICS: names no setting of this profile; it has no effect",
            ]
        )
    }

    @Test("a family has named instances beside its default one")
    func instances() throws {
        let yaml = """
            profile: p
            environment: mobile
            notes:
              default: { handler: file, path: a }
              archive: { handler: file, path: b, queue: 9 }
            time: { handler: system }
            random: { handler: system }
            """
        let needs: EffectNeeds = [
            EffectNeed(NotesEffect.self, [.durable]), EffectNeed(NotesEffect.self, [.durable]).named("archive"),
        ]
        let assembly = try Assembly(yaml: yaml, needs: needs, variables: ["AURA_NOTES_ARCHIVE_PATH": "c"])
        #expect(assembly.needs.isMet)
        #expect(settings(assembly)["path"] == "a")
        #expect(settings(assembly, of: "notes.archive")["path"] == "c")
        #expect(settings(assembly, of: "notes.archive")["queue"] == "9")
    }

    @Test("another application's effect is left out")
    func otherApplications() throws {
        let assembly = try Assembly(yaml: profile() + "\nfolder: { handler: posix }\ncrypto: { handler: openssl }\n")
        #expect(assembly.skippedEffects == ["folder", "crypto"])
    }

    @Test("another application's effect that this one needs is a missing handler")
    func neededButNotLinked() {
        let needs: EffectNeeds = [.crypto]
        let error = #expect(throws: ProfileErrors.self) {
            try Assembly(yaml: profile() + "\ncrypto: { handler: openssl }\n", needs: needs)
        }
        #expect(
            error?.description
                == "test.yaml:6:20: crypto.handler: the handler 'openssl' is not linked; it comes with the trait OpenSSL: "
                + "build with --traits default,OpenSSL; none is linked"
        )
    }
}
