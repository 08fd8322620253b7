#if SQLite
internal import AuraEffects
internal import AuraLayered
internal import AuraMemory
internal import AuraRuntime
internal import AuraSQLite
internal import AuraSystem
internal import Testing

@Suite("Profiles with layered storage")
struct LayeredProfileTests {
    private let folder: TemporaryFolder
    private let registry = HandlerRegistry {
        MemoryHandlers()
        SQLiteHandlers()
        SystemHandlers()
        LayeredHandlers()
    }

    init() throws {
        folder = try TemporaryFolder()
    }

    private func assembly(
        _ storage: String,
        needs: EffectNeeds = [.storage],
        variables: [String: String] = [:]
    ) throws -> Assembly {
        let yaml = """
            profile: test
            environment: mobile
            storage: \(storage.replacing("FOLDER", with: folder.path))
            time: { handler: system }
            random: { handler: system }
            """
        let profile = try Profile(yaml: yaml, file: "test.yaml")
        return try Assembly(profile, registry, needs: needs, variables: variables, machine: MachineLimits())
    }

    private static let storages = [
        "{ handler: caching, cache: 1 MiB, over: { handler: sqlite, path: FOLDER/a.db } }",
        "{ handler: caching, exclusive: true, over: { handler: sqlite, path: FOLDER/a.db, synchronous: normal } }",
        "{ handler: caching, over: { handler: memory } }",
        "{ handler: prefixing, prefix: tenant-7/, over: { handler: sqlite, path: FOLDER/a.db } }",
        "{ handler: prefixing, prefix: tenant-7/, over: { handler: memory } }",
        "{ handler: journal, over: { handler: sqlite, path: FOLDER/a.db } }",
        "{ handler: journal, prefix: s/, history: drop, over: { handler: memory } }",
        "{ handler: prefixing, prefix: a/, over: { handler: caching, over: "
            + "{ handler: journal, over: { handler: memory } } } }",
    ]

    @Test("what a profile's storage declares before it is made is what it declares then", arguments: storages)
    func declared(_ storage: String) async throws {
        let assembly = try assembly(storage)
        let expected = try #require(assembly.handlers.last).capabilities(under: assembly.resources.budget)
        try await assembly.withEffects(logger: HandlerContext.system.logger) { effects, _ in
            #expect(effects.storage.capabilities == expected)
            let revision = try await effects.storage.write([1], to: "key")
            #expect(try await effects.storage.read("key") == StoredValue(bytes: [1], revision: revision))
        }
    }

    @Test("what was written through a profile is in the file that its handler underneath names")
    func files() async throws {
        let journal = "{ handler: journal, prefix: s/, over: { handler: sqlite, path: FOLDER/a.db } }"
        try await assembly(journal)
            .withEffects(logger: HandlerContext.system.logger) { effects, _ in
                _ = try await effects.storage.write([7], to: "key")
            }
        let context = HandlerContext.system
        let file = SQLiteConfiguration(path: "\(folder.path)/a.db", budget: context.budget)
        let opened = try await SQLiteJournalHandler.open(file, context)
        #expect(try await opened.read("s/key", limit: 10).map(\.payload) == [[7]])
        await opened.close()
        let variables = ["AURA_STORAGE_OVER_PATH": "\(folder.path)/b.db"]
        try await assembly(journal, variables: variables)
            .withEffects(logger: HandlerContext.system.logger) { effects, _ in
                let value = try await effects.storage.read("key")
                #expect(value == nil)
            }
    }

    @Test("needs are checked against what is underneath")
    func needs() throws {
        let durable = "{ handler: caching, over: { handler: sqlite, path: FOLDER/a.db } }"
        let needs: EffectNeeds = [.storage(.durable, .multiProcess, .transactions)]
        #expect(try assembly(durable, needs: needs).needs.isMet)
        for (change, key) in [
            ("exclusive: true, over", "storage.exclusive"), ("over", "storage.over.synchronous"),
        ] {
            let storage = durable.replacing("over: {", with: "\(change): {")
                .replacing("a.db", with: key.hasSuffix("synchronous") ? "a.db, synchronous: off" : "a.db")
            let error = #expect(throws: ProfileErrors.self) { try assembly(storage, needs: needs) }
            #expect(error?.errors.map(\.key) == [key], "\(String(describing: error))")
        }
    }

    @Test("a prefix that leaves no room for keys does not start, and says so")
    func longPrefix() async throws {
        let prefix = String(repeating: "p", count: 1024)
        let assembly = try assembly("{ handler: prefixing, prefix: \(prefix), over: { handler: memory } }")
        let error = await #expect(throws: EffectError.self) {
            try await assembly.withEffects(logger: HandlerContext.system.logger) { _, _ in
                Issue.record("It must not run.")
            }
        }
        #expect(error?.code == .invalidArgument)
        #expect(error?.handler == "prefixing")
    }
}
#endif
