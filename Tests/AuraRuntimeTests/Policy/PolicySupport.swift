internal import AuraEffects
internal import AuraMemory
internal import Synchronization
internal import Testing

@testable internal import AuraRuntime

/// A storage handler whose `read` and `write` do what a test says; the others are not asked for.
struct ScriptedStorage: StorageEffects {
    typealias Script = @Sendable (_ call: Int) async throws(EffectError) -> Void

    let script: Script
    let calls = CallCounter()

    init(_ script: @escaping Script) {
        self.script = script
    }

    var capabilities: Capabilities { Capabilities() }

    func read(_ key: StorageKey) async throws(EffectError) -> StoredValue? {
        try await script(calls.increment())
        return nil
    }

    func write(
        _ bytes: [UInt8],
        to key: StorageKey,
        if precondition: StoragePrecondition
    ) async throws(EffectError) -> StorageRevision {
        try await script(calls.increment())
        return StorageRevision(rawValue: 1)
    }

    func remove(_ key: StorageKey, if precondition: StoragePrecondition) async throws(EffectError) -> Bool {
        throw .unimplemented("storage", "remove")
    }

    func list(prefix: String, after key: StorageKey?, limit: Int) async throws(EffectError) -> StoragePage {
        throw .unimplemented("storage", "list")
    }

    func transact(_ mutations: [StorageMutation]) async throws(EffectError) -> [StorageRevision?] {
        throw .unimplemented("storage", "transact")
    }
}

/// A number that many tasks count up.
final class CallCounter: Sendable {
    private let count = Mutex(0)

    var value: Int { count.withLock { $0 } }

    @discardableResult
    func increment() -> Int {
        count.withLock { count in
            count += 1
            return count
        }
    }
}

/// Where calls of a handler wait until a test lets them go on.
final class Gate: Sendable {
    private struct State {
        var waiting: [CheckedContinuation<Void, Never>] = []
        var isOpen = false
        var cancelled = 0
    }

    private let state = Mutex(State())

    /// How many calls wait.
    var waiting: Int { state.withLock { $0.waiting.count } }
    /// How many of them were cancelled.
    var cancelled: Int { state.withLock { $0.cancelled } }

    /// Waits, cancelled or not, as a handler does that never answers.
    func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOpen = state.withLock { state in
                    if !state.isOpen { state.waiting.append(continuation) }
                    return state.isOpen
                }
                if isOpen { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.cancelled += 1 }
        }
    }

    /// Lets the calls go on that wait, and all later ones.
    func open() {
        let waiting = state.withLock { state in
            state.isOpen = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Lets the first call go on that waits.
    func letOneThrough() {
        state.withLock { $0.waiting.isEmpty ? nil : $0.waiting.removeFirst() }?.resume()
    }
}

/// What a policy's observer was told.
final class PolicyEvents: PolicyObserver {
    struct Retry: Equatable {
        var attempt: Int
        var delay: Duration
        var code: EffectError.Code
    }

    private struct State {
        var retries: [Retry] = []
        var changes: [String] = []
        var depths: [Int] = []
    }

    private let state = Mutex(State())

    var retries: [Retry] { state.withLock { $0.retries } }
    var changes: [String] { state.withLock { $0.changes } }
    var depths: [Int] { state.withLock { $0.depths } }

    func retried(_ call: EffectCall, attempt: Int, after delay: Duration, because error: EffectError) {
        state.withLock { $0.retries.append(Retry(attempt: attempt, delay: delay, code: error.code)) }
    }

    func breakerChanged(
        of target: EffectTarget,
        name: String,
        from old: CircuitBreakerPhase,
        to new: CircuitBreakerPhase
    ) {
        state.withLock { $0.changes.append("\(name): \(old) to \(new)") }
    }

    func queueChanged(of target: EffectTarget, name: String, depth: Int) {
        state.withLock { $0.depths.append(depth) }
    }
}

/// An effect system with a manual clock, a seeded random source and a running timer.
struct Rig: Sendable {
    let time = ManualTimeHandler()
    let random: SeededRandomHandler
    let timer: PolicyTimer
    let events = PolicyEvents()

    init(seed: UInt64 = 1) {
        random = SeededRandomHandler(seed: seed)
        timer = PolicyTimer(time: time)
    }

    /// A storage handler under policies.
    func storage(_ handler: any StorageEffects, _ settings: PolicySettings) -> any StorageEffects {
        var effects = EffectSystem()
        effects.time = time
        effects.storage = handler
        effects.intercept(StorageEffect.self, with: [interceptor(settings)])
        return effects.storage
    }

    /// Policies of storage.
    func interceptor(_ settings: PolicySettings) -> PolicyInterceptor {
        PolicyInterceptor(
            settings,
            of: EffectTarget(effect: "storage"),
            operations: StorageEffectsOperations.all,
            time: time,
            random: random,
            timer: timer,
            observer: events
        )
    }

    func interceptor(_ policy: EffectPolicy) -> PolicyInterceptor { interceptor(PolicySettings(policy)) }

    func storage(_ handler: any StorageEffects, _ policy: EffectPolicy) -> any StorageEffects {
        storage(handler, PolicySettings(policy))
    }

    /// Moves the clock as soon as somebody sleeps until exactly a moment, in seconds.
    func advance(toWake seconds: Double) async {
        let moment = MonotonicInstant(nanoseconds: Int64(seconds * 1_000_000_000))
        await eventually { time.nextDeadline == moment }
        time.advance(to: moment)
    }
}

/// Lends a rig whose timer runs meanwhile.
func withRig<Result>(seed: UInt64 = 1, _ body: (Rig) async throws -> Result) async rethrows -> Result {
    let rig = Rig(seed: seed)
    let runner = Task { await rig.timer.run() }
    do {
        let result = try await body(rig)
        rig.timer.stop()
        await runner.value
        return result
    } catch {
        rig.timer.stop()
        await runner.value
        throw error
    }
}

/// Waits until a condition holds that other tasks bring about; the test's time limit bounds it.
func eventually(_ condition: () -> Bool) async {
    while !condition() && !Task.isCancelled { await Task.yield() }
}

/// How a call ended.
enum Ending: Equatable {
    case answered
    case failed(EffectError.Code, EffectError.Outcome)
}

extension StorageEffects {
    /// Reads something, which is idempotent.
    func ending() async -> Ending {
        guard let error = await error() else { return .answered }
        return .failed(error.code, error.outcome)
    }

    /// The error of a read; `nil` where there is none.
    func error() async -> EffectError? {
        do throws(EffectError) {
            _ = try await read("key")
            return nil
        } catch {
            return error
        }
    }
}

let unavailable = EffectError(.unavailable, "The backend is down.")
