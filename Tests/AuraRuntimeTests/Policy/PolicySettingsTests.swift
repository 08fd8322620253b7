internal import AuraEffects
internal import Testing

@testable internal import AuraRuntime

/// An application's effect besides the built-in ones.
let folderOperations = [
    EffectOperation(effect: "folder", name: "list", index: 0, idempotency: .always),
    EffectOperation(effect: "folder", name: "create", index: 1),
]

let knownOperations =
    StorageEffectsOperations.all + folderOperations + [EffectOperation(effect: "time", name: "sleep", index: 0)]

/// Reads a section `policy`, as a profile does.
func parsed(_ yaml: String, variables: [String: String] = [:]) -> (settings: PolicySettings, problems: [String]) {
    do throws(ProfileErrors) {
        let entries = try ProfileParser.parse(Array(yaml.utf8), file: "bad.yaml")
        guard let node = entries.first(where: { $0.key == "policy" })?.value else {
            return (PolicySettings(), ["none"])
        }
        var problems: [ProfileError] = []
        var lookedUp: Set<String> = []
        let settings = PolicySettings(
            parsing: node,
            operations: knownOperations,
            layers: SettingLayers([:], variables: variables),
            variables: &lookedUp,
            problems: &problems
        )
        return (settings, problems.map(\.description))
    } catch {
        return (PolicySettings(), error.errors.map(\.description))
    }
}

@Suite("Policy settings")
struct PolicySettingsTests {
    private let full = """
        policy:
          deadline: 60s
          attemptTimeout: 5s
          retry: { strategy: exponential, attempts: 5, base: 50ms, maximum: 4s }
          concurrency: { limit: 64, queue: 256 }
          breaker: { failureRate: 0.25, window: 20s, minimumCalls: 10, openFor: 3s }
          overrides:
            storage: { attemptTimeout: 2s, breaker: none }
            storage.read: { deadline: 5s, retry: none }
            storage.list: { concurrency: { limit: 2, queue: 0 }, attemptTimeout: none }
            folder.create: { retry: { strategy: fixed, attempts: 2, delay: 1s } }
            ledger: { deadline: 1s }
            journal.append: { deadline: 1s }
        """

    private func lines(_ settings: PolicySettings, _ operation: EffectOperation) -> [String] {
        settings.lines(for: operation).map { "\($0.key): \($0.value) (\($0.place?.description ?? "code"))" }
    }

    @Test("every part is read, and refined by effect and operation")
    func parsing() throws {
        let (settings, problems) = parsed(full)
        #expect(problems.isEmpty)
        let write = settings.policy(for: StorageEffectsOperations.write)
        #expect(write.deadline == .seconds(60))
        #expect(write.attemptTimeout == .seconds(2))
        #expect(write.retry?.description == "exponential, 5 attempts, 50ms to 4s")
        #expect(write.concurrency == ConcurrencyLimit(64, queue: 256))
        #expect(write.breaker == nil)
        let read = settings.policy(for: StorageEffectsOperations.read)
        #expect(read.deadline == .seconds(5))
        #expect(read.retry?.isNone == true)
        let list = settings.policy(for: StorageEffectsOperations.list)
        #expect(list.concurrency == ConcurrencyLimit(2, queue: 0))
        #expect(list.attemptTimeout == nil)
        let create = settings.policy(for: folderOperations[1])
        #expect(create.retry?.description == "fixed, 2 attempts, 1s")
        let breaker = CircuitBreakerPolicy(
            failureRate: 0.25,
            window: .seconds(20),
            minimumCalls: 10,
            openFor: .seconds(3)
        )
        #expect(create.breaker == breaker)
    }

    @Test("what has defaults may be left out")
    func defaults() {
        let (settings, problems) = parsed("policy: { breaker: {}, retry: { strategy: exponential, attempts: 3 } }")
        #expect(problems.isEmpty)
        let policy = settings.policy(for: StorageEffectsOperations.read)
        #expect(policy.breaker == CircuitBreakerPolicy())
        #expect(policy.retry?.description == "exponential, 3 attempts, 50ms to 5s")
        #expect(policy.deadline == nil)
    }

    @Test("operations that answer at once, and the effect time, have no policy")
    func exempt() {
        let settings = PolicySettings(EffectPolicy().deadline(.seconds(1)))
        #expect(settings.policy(for: StorageEffectsOperations.capabilities).isEmpty)
        #expect(settings.policy(for: knownOperations.last!).isEmpty)
        #expect(!settings.apply(toAnyOf: [StorageEffectsOperations.capabilities]))
        #expect(settings.apply(toAnyOf: StorageEffectsOperations.all))
        #expect(!PolicySettings().apply(toAnyOf: StorageEffectsOperations.all))
        #expect(!PolicySettings(EffectPolicy().retry(.none)).apply(toAnyOf: StorageEffectsOperations.all))
    }

    @Test("the lines for 'profile explain' say what applies, in which order, and where that stands")
    func explaining() {
        let settings = parsed(full).settings
        #expect(
            lines(settings, StorageEffectsOperations.read) == [
                "deadline: 5s (bad.yaml:9:31)",
                "concurrency: 64 at once, 256 waiting; shared by the handler's operations (bad.yaml:5:3)",
                "attemptTimeout: 2s (bad.yaml:8:32)",
            ]
        )
        #expect(
            lines(settings, StorageEffectsOperations.list) == [
                "deadline: 1m (bad.yaml:2:13)",
                "retry: exponential, 5 attempts, 50ms to 4s (bad.yaml:4:3)",
                "concurrency: 2 at once, 0 waiting (bad.yaml:10:21)",
            ]
        )
        #expect(
            lines(settings, folderOperations[1]) == [
                "deadline: 1m (bad.yaml:2:13)", "retry: never, since the operation is not idempotent (bad.yaml:11:22)",
                "concurrency: 64 at once, 256 waiting; shared by the handler's operations (bad.yaml:5:3)",
                "breaker: opens for 3s when 0.25 of at least 10 calls in 20s fail; shared by the handler's operations "
                    + "(bad.yaml:6:3)",
                "attemptTimeout: 5s (bad.yaml:3:19)",
            ]
        )
        #expect(lines(settings, StorageEffectsOperations.capabilities).isEmpty)
        #expect(lines(PolicySettings(EffectPolicy().deadline(.seconds(1))), StorageEffectsOperations.read).count == 1)
        #expect(
            settings.lines(for: StorageEffectsOperations.read).first?.json.line
                == #"{"key":"deadline","value":"5s","place":{"file":"bad.yaml","line":9,"column":31}}"#
        )
    }

    @Test("environment variables override single values, and stand for parts that the profile lacks")
    func variables() {
        let variables = [
            "AURA_POLICY_DEADLINE": "7s", "AURA_POLICY_ATTEMPT_TIMEOUT": "none", "AURA_POLICY_RETRY_ATTEMPTS": "2",
            "AURA_POLICY_BREAKER_OPEN_FOR": "9s", "AURA_POLICY_CONCURRENCY": "none",
            "AURA_POLICY_OVERRIDES_STORAGE_READ_DEADLINE": "3s",
        ]
        let yaml = """
            policy:
              deadline: 60s
              attemptTimeout: 5s
              concurrency: { limit: 1, queue: 1 }
              retry: { strategy: exponential, attempts: 5 }
              overrides: { storage.read: { deadline: 5s } }
            """
        let (settings, problems) = parsed(yaml, variables: variables)
        #expect(problems.isEmpty)
        let policy = settings.policy(for: StorageEffectsOperations.write)
        #expect(policy.deadline == .seconds(7))
        #expect(policy.attemptTimeout == nil)
        #expect(policy.concurrency == nil)
        #expect(policy.retry?.description == "exponential, 2 attempts, 50ms to 5s")
        #expect(policy.breaker == CircuitBreakerPolicy(openFor: .seconds(9)))
        #expect(settings.policy(for: StorageEffectsOperations.read).deadline == .seconds(3))
        #expect(
            lines(settings, StorageEffectsOperations.write).first
                == "deadline: 7s (environment variable AURA_POLICY_DEADLINE)"
        )
        #expect(
            parsed("policy: {}", variables: ["AURA_POLICY_DEADLINE": "soon"]).problems == [
                "environment variable AURA_POLICY_DEADLINE: policy.deadline: must be a time with a unit such as '250ms', "
                    + "'60s', '5m' or '2h', not 'soon'"
            ]
        )
    }

    @Test("the order of the calls that build a policy means nothing")
    func builder() {
        let parts: [(EffectPolicy) -> EffectPolicy] = [
            { $0.deadline(.seconds(60)) }, { $0.retry(.exponential(attempts: 5)) }, { $0.concurrency(3, queue: 4) },
            { $0.breaker(CircuitBreakerPolicy()) }, { $0.attemptTimeout(.seconds(5)) },
        ]
        let there = PolicySettings(parts.reduce(EffectPolicy()) { $1($0) })
        let back = PolicySettings(parts.reversed().reduce(EffectPolicy()) { $1($0) })
        let read = StorageEffectsOperations.read
        #expect(there.lines(for: read) == back.lines(for: read))
        #expect(there.lines(for: read).map(\.key) == PolicyPart.allCases.map(\.rawValue))
    }

    @Test("a part that is set to nil is switched off, one that is not set is left as it is")
    func refining() {
        let base = EffectPolicy().deadline(.seconds(60)).attemptTimeout(.seconds(5)).breaker(CircuitBreakerPolicy())
        let refined = base.refined(by: EffectPolicy().deadline(nil).breaker(nil))
        #expect(refined.deadline == nil)
        #expect(refined.breaker == nil)
        #expect(refined.attemptTimeout == .seconds(5))
        #expect(base.refined(by: EffectPolicy().deadline(.seconds(1))).deadline == .seconds(1))
    }
}
