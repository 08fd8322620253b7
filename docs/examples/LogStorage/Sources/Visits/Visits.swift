internal import AuraEffects
internal import AuraMemory
internal import AuraRuntime
internal import AuraSystem
internal import LogStorage

/// Counts how often it was run, in whatever storage its profile chooses.
@main
struct Visits: AuraApplication {
    static let name = "visits"
    static let abstract = "Counts how often it was run."
    static let needs: EffectNeeds = [.storage(.durable)]

    static let handlers = HandlerRegistry {
        MemoryHandlers()
        SystemHandlers()
        LogStorageHandlers()
    }

    func run(_ effects: EffectSystem, _ context: ApplicationContext) async throws {
        let stored = try await effects.storage.read("visits")
        let count = 1 + (stored.flatMap { Int(String(decoding: $0.bytes, as: UTF8.self)) } ?? 0)
        // Another run may be counting as well: the write says what it has read.
        let precondition = stored.map { StoragePrecondition.matches($0.revision) } ?? .absent
        _ = try await effects.storage.write(Array(String(count).utf8), to: "visits", if: precondition)
        print("visit \(count) on the profile \(context.profile.name)")
    }
}
