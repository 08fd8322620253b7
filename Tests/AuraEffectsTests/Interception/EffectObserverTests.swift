internal import AuraEffects
internal import AuraMemory
internal import Testing

@Suite("Observers of a handler")
struct EffectObserverTests {
    private let log = CallLog()
    private let time = ManualTimeHandler()

    /// Storage behind observers, whose calls take two seconds.
    private func storage(_ observers: any EffectObserver...) -> any StorageEffects {
        var effects = EffectSystem()
        effects.storage = SlowStorage(time: time)
        effects.intercept(StorageEffect.self, observers: observers, time: time)
        return effects.storage
    }

    @Test("see each call begin and end, and how long it took")
    func durations() async throws {
        let storage = storage(Watching(log: log))
        _ = try await storage.list(prefix: "", after: nil, limit: 1)
        #expect(log.lines == ["began storage.list", "ended storage.list after 2.0 seconds"])
    }

    @Test("see what a call failed with")
    func failures() async {
        let storage = storage(Watching(log: log))
        await #expect(throws: EffectError.self) { try await storage.write([], to: "a", if: .absent) }
        #expect(log.lines == ["began storage.write", "ended storage.write after 2.0 seconds: preconditionFailed"])
    }

    @Test("that do not measure time have no clock read for them")
    func noClock() async throws {
        let storage = storage(Watching(measuresTime: false, log: log))
        _ = try await storage.read("a")
        #expect(log.lines.last == "ended storage.read after 0.0 seconds")
    }

    @Test("see what interceptors made of a call, once for all repetitions")
    func outermost() async throws {
        var effects = EffectSystem()
        effects.storage = SlowStorage(time: time)
        let twice = Custom { (_, next) async throws(EffectError) in
            _ = try await next()
            return try await next()
        }
        effects.intercept(
            StorageEffect.self,
            observers: [Watching(log: log), Watching(measuresTime: false, log: log)],
            with: [twice],
            time: time
        )
        _ = try await effects.storage.read("a")
        #expect(
            log.lines == [
                "began storage.read", "began storage.read", "ended storage.read after 4.0 seconds",
                "ended storage.read after 4.0 seconds",
            ]
        )
    }
}

/// Storage whose every operation takes two seconds, and whose writes fail.
private struct SlowStorage: StorageEffects {
    var time: ManualTimeHandler
    var capabilities: Capabilities { Capabilities() }

    func read(_ key: StorageKey) async throws(EffectError) -> StoredValue? {
        time.advance(by: .seconds(2))
        return nil
    }

    func write(
        _ bytes: [UInt8],
        to key: StorageKey,
        if precondition: StoragePrecondition
    ) async throws(EffectError) -> StorageRevision {
        time.advance(by: .seconds(2))
        throw EffectError(.preconditionFailed, "It is not there.", effect: "storage", operation: "write")
    }

    func remove(_ key: StorageKey, if precondition: StoragePrecondition) async throws(EffectError) -> Bool { false }

    func list(prefix: String, after key: StorageKey?, limit: Int) async throws(EffectError) -> StoragePage {
        time.advance(by: .seconds(2))
        return StoragePage(items: [], next: nil)
    }

    func transact(_ mutations: [StorageMutation]) async throws(EffectError) -> [StorageRevision?] { [] }
}
