internal import AuraEffects
internal import RuntimeFixture
internal import Testing

@testable internal import AuraRuntime

@Suite("Finding and extending profiles")
struct ProfileLookupTests {
    private let registry = HandlerRegistry { FixtureHandlers(events: Events()) }

    private func assemble(_ name: String, in folder: TemporaryFolder) throws -> Assembly {
        let profile = try Profile.find(name, variables: ["AURA_PROFILES": folder.path])
        return try Assembly(profile, registry, needs: Notebook.needs, variables: [:], machine: unlimitedMachine)
    }

    private let base = """
        profile: base
        environment: mobile
        notes: { handler: file, path: base, queue: 5 }
        time: { handler: system }
        random: { handler: system }

        """

    @Test("a name is found in the folder that AURA_PROFILES names")
    func byName() throws {
        let folder = try TemporaryFolder()
        try folder.write(["base.yaml": base])
        let assembly = try assemble("base", in: folder)
        #expect(assembly.profile.name == "base")
        #expect(assembly.profile.file == "\(folder.path)/base.yaml")
    }

    @Test("a path is taken as it is")
    func byPath() throws {
        let folder = try TemporaryFolder()
        try folder.write(["other.yaml": base])
        #expect(try Profile.find("\(folder.path)/other.yaml", variables: [:]).name == "base")
    }

    @Test("a name that is nowhere lists what there is")
    func unknownName() throws {
        let folder = try TemporaryFolder()
        try folder.write(["aurora-one.yaml": base])
        let error = #expect(throws: ProfileErrors.self) { try assemble("aurora-on", in: folder) }
        #expect(error?.errors.first?.code == .notFound)
        let message = try #require(error?.description)
        #expect(message.hasPrefix("aurora-on: there is no profile 'aurora-on'; did you mean 'aurora-one'? there are: "))
        #expect(message.hasSuffix("; set AURA_PROFILES to the folder of your profiles"))
    }

    @Test("AURA_PROFILES that names no folder is an error, not a search elsewhere")
    func noFolder() {
        let error = #expect(throws: ProfileErrors.self) {
            try Profile.find("dev", variables: ["AURA_PROFILES": "/nowhere/at/all"])
        }
        #expect(
            error?.description
                == "environment variable AURA_PROFILES: '/nowhere/at/all' is no folder; "
                + "set it to the folder of your profiles, or unset it"
        )
    }

    @Test("a file under another name than its profile's is refused by name")
    func nameMismatch() throws {
        let folder = try TemporaryFolder()
        try folder.write(["prod.yaml": base])
        let error = #expect(throws: ProfileErrors.self) { try assemble("prod", in: folder) }
        #expect(
            error?.description
                == "\(folder.path)/prod.yaml:1:10: profile: says 'base', but the file is 'prod'; give both the same name"
        )
    }

    @Test("a profile extends another key by key, over several steps")
    func extends() throws {
        let folder = try TemporaryFolder()
        try folder.write([
            "base.yaml": base, "middle.yaml": "profile: middle\nextends: base\nnotes: { path: middle }\n",
            "top.yaml": "profile: top\nextends: middle\nenvironment: embedded\nnotes: { queue: 6 }\n",
        ])
        let assembly = try assemble("top", in: folder)
        let notes = try #require(assembly.handlers.last)
        #expect(assembly.environment == .embedded)
        #expect(notes.values.string("path") == "middle")
        #expect(notes.values.integer("queue") == 6)
        #expect(
            notes.settings.first { $0.key == "path" }?.place
                == .line(file: "\(folder.path)/middle.yaml", line: 3, column: 16)
        )
        #expect(assembly.profile.baseFiles == ["\(folder.path)/middle.yaml", "\(folder.path)/base.yaml"])
    }

    @Test("an extended profile is found by a path from the extending file's folder, and by name beside it")
    func extendsByPath() throws {
        let folder = try TemporaryFolder()
        try folder.write([
            "base.yaml": base, "edge/near.yaml": "profile: near\nextends: ../base.yaml\n",
            "edge/top.yaml": "profile: top\nextends: near\n",
        ])
        let profile = try Profile.find("\(folder.path)/edge/top.yaml", variables: [:])
        #expect(profile.baseFiles == ["\(folder.path)/edge/near.yaml", "\(folder.path)/edge/../base.yaml"])
    }

    @Test("a profile that chooses another handler takes none of its base's settings")
    func otherHandler() throws {
        let folder = try TemporaryFolder()
        try folder.write([
            "base.yaml": base,
            "dev.yaml": "profile: dev\nextends: base\nwaive: [notes.durable]\nnotes: { handler: list }\n",
        ])
        let notes = try #require(try assemble("dev", in: folder).handlers.last)
        #expect(notes.technology == "list")
        #expect(notes.settings.isEmpty)
    }

    @Test("profiles that extend each other are refused")
    func cycle() throws {
        let folder = try TemporaryFolder()
        try folder.write([
            "a.yaml": "profile: a\nextends: b\n", "b.yaml": "profile: b\nextends: c\n",
            "c.yaml": "profile: c\nextends: a\n",
        ])
        let error = #expect(throws: ProfileErrors.self) { try assemble("a", in: folder) }
        #expect(error?.errors.first?.code == .cycle)
        #expect(
            error?.description
                == "\(folder.path)/c.yaml:2:10: extends: 'a' extends this profile in turn; remove one 'extends'"
        )
    }

    @Test("mistakes of a base are named in the base's file, after the profile's own")
    func mistakesOfBase() throws {
        let folder = try TemporaryFolder()
        try folder.write([
            "base.yaml": base.replacing("queue: 5", with: "queue: x"),
            "top.yaml": "profile: top\nextends: base\nrandom: { handler: sytem }\n",
        ])
        let error = #expect(throws: ProfileErrors.self) { try assemble("top", in: folder) }
        #expect(
            error?.errors.map(\.place) == [
                .line(file: "\(folder.path)/top.yaml", line: 3, column: 20),
                .line(file: "\(folder.path)/base.yaml", line: 3, column: 44),
            ]
        )
    }
}
