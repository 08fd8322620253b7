internal import AuraConformance
internal import AuraEffects
internal import AuraMemory
internal import Testing

@Suite("The laws on the memory handlers behind an observer and an interceptor")
struct InterceptedLawTests {
    @Test("journal", arguments: JournalLaw.applicable(to: InterceptedJournalHarness()))
    func journal(_ law: JournalLaw) async throws {
        try await law.check(InterceptedJournalHarness())
    }

    @Test("storage", arguments: StorageLaw.applicable(to: InterceptedStorageHarness()))
    func storage(_ law: StorageLaw) async throws {
        try await law.check(InterceptedStorageHarness())
    }
}

struct InterceptedJournalHarness: JournalHarness, ClockSteppingHarness {
    private let bare = MemoryJournalHarness()

    var capabilities: Capabilities { bare.capabilities }

    func make() async throws -> any JournalEffects {
        JournalEffect.intercepted(try await bare.make(), by: .passingOn(JournalEffect.self))
    }

    func stepWallClock(by duration: Duration) async throws {
        try await bare.stepWallClock(by: duration)
    }

    func finish() async {
        await bare.finish()
    }
}

struct InterceptedStorageHarness: StorageHarness {
    private let bare = MemoryStorageHarness()

    var capabilities: Capabilities { bare.capabilities }

    func make() async throws -> any StorageEffects {
        StorageEffect.intercepted(try await bare.make(), by: .passingOn(StorageEffect.self))
    }

    func finish() async {
        await bare.finish()
    }
}

extension InterceptorChain {
    static func passingOn<Key: EffectKey>(_ key: Key.Type) -> InterceptorChain {
        InterceptorChain(
            of: EffectTarget(effect: key.name, handler: "memory"),
            observers: [Watching()],
            interceptors: [PassingOn()],
            time: ManualTimeHandler()
        )
    }
}

private struct Watching: EffectObserver {
    let name = "watching"
    let measuresTime = true

    func ended(_ call: EffectCall, after duration: Duration, with error: EffectError?) {}
}

private struct PassingOn: Interceptor {
    let name = "passing on"
    let readsArguments = true

    func intercept(_ call: EffectCall, _ next: EffectContinuation) async throws(EffectError) -> EffectAnswer {
        try await next()
    }
}
