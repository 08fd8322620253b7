internal import AuraEffects
internal import AuraRuntime
internal import AuraSystem
internal import LogStorage
internal import Testing

@Suite("A log in a profile")
struct ProfileTests {
    private static let registry = HandlerRegistry {
        SystemHandlers()
        LogStorageHandlers()
    }

    private static func profile(_ settings: String) throws -> Profile {
        try Profile(
            yaml: """
                profile: test
                environment: embedded
                storage: { handler: log, \(settings) }
                time: { handler: system }
                random: { handler: system }
                """
        )
    }

    @Test("a profile chooses it by name, and what was written is there on the next run")
    func assembled() async throws {
        let folder = try TemporaryFolder()
        let profile = try Self.profile("path: '\(folder.newFile())'")
        for run in 1...3 {
            try await withAssembled(profile, Self.registry, needs: [.storage(.durable)], variables: [:]) { effects, _ in
                #expect(try await effects.storage.read("runs")?.bytes == (run == 1 ? nil : [UInt8(run - 1)]))
                try await effects.storage.write([UInt8(run)], to: "runs")
            }
        }
    }

    @Test("without sync it is not durable, and an application that needs that does not start")
    func unmetNeed() async throws {
        let folder = try TemporaryFolder()
        let profile = try Self.profile("path: '\(folder.newFile())', sync: false")
        let errors = await #expect(throws: ProfileErrors.self) {
            try await withAssembled(profile, Self.registry, needs: [.storage(.durable)], variables: [:]) { _, _ in }
        }
        #expect(errors?.errors.first?.message.contains("sync") == true)
    }
}
