internal import AuraEffects
internal import AuraMemory
internal import AuraRuntime
internal import AuraSystem
internal import Logging
internal import Synchronization
internal import Testing

@Suite("What surrounds the handlers of a profile")
struct AssembledInterceptionTests {
    private let yaml = """
        profile: good
        environment: mobile
        storage:
          default: { handler: memory }
          archive: { handler: memory }
        time: { handler: manual }
        random: { handler: seeded, seed: 1 }
        """

    private func withEffects(
        _ layers: [InterceptionLayer] = [],
        policy: PolicySettings = PolicySettings(),
        also sections: String = "",
        variables: [String: String] = [:],
        _ body: (EffectSystem) async throws -> Void
    ) async throws {
        let registry = HandlerRegistry {
            MemoryHandlers()
            SystemHandlers()
        }
        try await withAssembled(
            try Profile(yaml: yaml + "\n" + sections, file: "good.yaml"),
            registry,
            interception: layers,
            policy: policy,
            variables: variables,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        ) { effects, _ in
            try await body(effects)
        }
    }

    @Test("layers surround every instance in their order, the first outermost, and know the handler")
    func order() async throws {
        let log = CallLog()
        let layers: [InterceptionLayer] = [
            .interceptor("outer") { Noting("outer", $0.target, log) },
            .interceptor("inner", of: [StorageEffect.name]) { Noting("inner", $0.target, log) },
        ]
        try await withEffects(layers) { effects in
            try await effects.storage.write([1], to: "a")
            _ = try await effects[StorageEffect.self, instance: "archive"].read("b")
        }
        #expect(
            log.lines == [
                "outer storage//memory storage.write a", "inner storage//memory storage.write a",
                "outer storage/archive/memory storage.read b", "inner storage/archive/memory storage.read b",
            ]
        )
    }

    @Test("a handler that nothing surrounds is the bare one")
    func bare() async throws {
        try await withEffects([.interceptor("other", of: ["journal"]) { _ in Refusing() }]) { effects in
            #expect(effects.storage is MemoryStorageHandler)
        }
        try await withEffects([.interceptor("this", of: ["storage"]) { _ in Refusing() }]) { effects in
            #expect(effects.storage is InterceptedStorageEffects)
        }
    }

    @Test("an interceptor that refuses is named by its error")
    func refusal() async throws {
        try await withEffects([.interceptor("refusing") { _ in Refusing() }]) { effects in
            let error = await #expect(throws: EffectError.self) { try await effects.storage.read("a") }
            #expect(error?.description == "storage.read (refusing): permissionDenied: Not today.")
        }
    }

    @Test("a profile's faults fail calls, and its policy repeats them within its deadline")
    func policyAndFaults() async throws {
        let sections = """
            faults: { seed: 1, operations: { storage.read: { rate: 1, error: unavailable } } }
            policy: { deadline: 60s, overrides: { storage.read: { retry: { strategy: fixed, attempts: 3, delay: 0s } } } }
            """
        let log = CallLog()
        let counting = InterceptionLayer.interceptor("counting", of: ["storage"]) { Noting("call", $0.target, log) }
        try await withEffects([counting], also: sections) { effects in
            let error = await #expect(throws: EffectError.self) { try await effects.storage.read("a") }
            #expect(error?.code == .unavailable)
            #expect(error?.handler == "faults")
            try await effects.storage.write([1], to: "a")
        }
        // The layer stands around the policy: it sees one call, whatever is repeated.
        #expect(log.lines.map { $0.split(separator: " ")[2] } == ["storage.read", "storage.write"])
    }

    @Test("the application's policy holds where the profile says nothing, and a variable overrides both")
    func layersOfPolicy() throws {
        let policy = PolicySettings(EffectPolicy().deadline(.seconds(60)).attemptTimeout(.seconds(5)))
        func lines(_ sections: String, _ variables: [String: String]) throws -> [String] {
            let registry = HandlerRegistry {
                MemoryHandlers()
                SystemHandlers()
            }
            let profile = try Profile(yaml: yaml + "\n" + sections, file: "good.yaml")
            let assembly = try Assembly(profile, registry, policy: policy, variables: variables)
            return assembly.interception.policy.lines(for: StorageEffectsOperations.read)
                .map { "\($0.key) \($0.value) \($0.place?.description ?? "code")" }
        }
        #expect(try lines("", [:]) == ["deadline 1m code", "attemptTimeout 5s code"])
        #expect(
            try lines("policy: { deadline: 30s }", [:])
                == ["deadline 30s good.yaml:8:21", "attemptTimeout 5s code"]
        )
        #expect(
            try lines("policy: { deadline: 30s }", ["AURA_POLICY_DEADLINE": "20s"])
                == ["deadline 20s environment variable AURA_POLICY_DEADLINE", "attemptTimeout 5s code"]
        )
    }

    @Test("a profile merges its sections with those that it extends, key by key")
    func extending() throws {
        let folder = try TemporaryFolder()
        try folder.write([
            "base.yaml": yaml.replacing("good", with: "base") + "\npolicy: { deadline: 9s, attemptTimeout: 2s }",
            "good.yaml": "profile: good\nextends: base\npolicy: { deadline: 5s }",
        ])
        let registry = HandlerRegistry {
            MemoryHandlers()
            SystemHandlers()
        }
        let assembly = try Assembly(try Profile.find("\(folder.path)/good.yaml"), registry, variables: [:])
        let lines = assembly.interception.policy.lines(for: StorageEffectsOperations.read)
        #expect(lines.map(\.value) == ["5s", "2s"])
    }

    @Test("observers see each call's end, with the time that it took by the profile's clock")
    func observers() async throws {
        let log = CallLog()
        let layers: [InterceptionLayer] = [
            .observer("watching", of: ["storage"]) { _ in Watching(log) },
            .interceptor("slow", of: ["storage"]) { Slow(clock: $0.time as? ManualTimeHandler) },
        ]
        try await withEffects(layers) { effects in
            _ = try await effects.storage.read("a")
            _ = try? await effects.storage.write([1], to: "")
        }
        #expect(log.lines == ["storage.read 2.0 seconds ok", "storage.write 2.0 seconds invalidArgument"])
    }
}

private final class CallLog: Sendable {
    private let text = Mutex<[String]>([])
    var lines: [String] { text.withLock { $0 } }
    func add(_ line: String) { text.withLock { $0.append(line) } }
}

private struct Noting: Interceptor {
    let name: String
    let target: EffectTarget
    let log: CallLog

    init(_ name: String, _ target: EffectTarget, _ log: CallLog) {
        self.name = name
        self.target = target
        self.log = log
    }

    func intercept(_ call: EffectCall, _ next: EffectContinuation) async throws(EffectError) -> EffectAnswer {
        log.add("\(name) \(target.effect)/\(target.instance)/\(target.handler) \(call.operation) \(call.resource)")
        return try await next()
    }
}

private struct Refusing: Interceptor {
    let name = "refusing"

    func intercept(_ call: EffectCall, _ next: EffectContinuation) async throws(EffectError) -> EffectAnswer {
        throw EffectError(.permissionDenied, "Not today.")
    }
}

private struct Slow: Interceptor {
    let name = "slow"
    let clock: ManualTimeHandler?

    func intercept(_ call: EffectCall, _ next: EffectContinuation) async throws(EffectError) -> EffectAnswer {
        clock?.advance(by: .seconds(2))
        return try await next()
    }
}

private struct Watching: EffectObserver {
    let name = "watching"
    let measuresTime = true
    let log: CallLog

    init(_ log: CallLog) {
        self.log = log
    }

    func ended(_ call: EffectCall, after duration: Duration, with error: EffectError?) {
        log.add("\(call.operation) \(duration) \(error?.code.rawValue ?? "ok")")
    }
}
