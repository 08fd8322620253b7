package import AuraEffects
internal import CoreMetrics
internal import Instrumentation

/// What surrounds the handlers of an assembly: what the profile says, and what the application brings.
///
/// From the outside in: metrics and logging watch; then tracing, the application's own layers, the policy, and faults
/// take part. A recording stands outside of all that.
public struct Interception: Sendable {
    /// What is measured, traced and logged.
    public let telemetry: TelemetrySettings
    /// The policies of calls.
    public let policy: PolicySettings
    /// Which calls fail on purpose; `nil` for none.
    public let faults: FaultSettings?
    private let layers: [InterceptionLayer]

    /// Reads what a profile says.
    ///
    /// - Parameters:
    ///   - resolver: The profile with the variables above it; gets what is wrong.
    ///   - environment: The environment, where it is known.
    ///   - plan: What the application brings.
    init(of resolver: inout ProfileResolver, in environment: RuntimeEnvironment?, _ plan: InterceptionPlan) {
        let sections = resolver.document.sections
        let nothing = ProfileNode.mapping([], .file(resolver.document.file))
        let operations = Self.operations(of: resolver.registry)
        telemetry = TelemetrySettings(
            parsing: sections["telemetry"]?.value ?? nothing,
            secrets: resolver.secrets,
            problems: &resolver.problems
        )
        let own = PolicySettings(
            parsing: sections["policy"]?.value ?? nothing,
            operations: operations,
            layers: resolver.layers,
            variables: &resolver.usedVariables,
            problems: &resolver.problems
        )
        policy = plan.policy.refined(by: own)
        faults = sections["faults"]
            .map { section in
                FaultSettings(parsing: section.value, operations: operations, problems: &resolver.problems)
            }
        layers = plan.layers
        resolver.warnOfUnusedVariables(under: ["policy", "telemetry", "faults"])
        if let section = sections["faults"], environment?.allowsWaiving == false {
            let message = "calls do not fail on purpose where the environment is server; remove 'faults'"
            resolver.problems.append(ProfileError(.invalidValue, at: section.place, key: "faults", message))
        }
    }

    /// The operations that a profile may name: those of our families, since one profile serves several applications, and
    /// those of the application's own.
    private static func operations(of registry: HandlerRegistry) -> [EffectOperation] {
        let builtIn = [
            StorageEffect.operations, JournalEffect.operations, NetworkEffect.operations, TimeEffect.operations,
            RandomEffect.operations, CryptoEffect.operations, KeysEffect.operations, ObjectsEffect.operations,
            KeyValuesEffect.operations, QueueEffect.operations, TopicsEffect.operations,
            FunctionsEffect.operations, HTTPEffect.operations,
        ]
        var effects = Set(ProfileDocument.builtInEffects)
        let own = registry.declarations.filter { effects.insert($0.effect).inserted }
        return builtIn.flatMap(\.self) + own.flatMap(\.operations)
    }

    /// What surrounds one handler; nothing where its family has no generated handlers.
    ///
    /// - Parameters:
    ///   - context: The handler.
    ///   - timer: What ends the waits of policies; there is one where a policy applies.
    /// - Returns: Who watches and who takes part.
    func surroundings(of context: InterceptionContext, _ timer: PolicyTimer?) -> Surroundings {
        guard !context.operations.isEmpty else { return Surroundings() }
        var all = Surroundings()
        if measures { all.observers.append(MetricsObserver(of: context.operations)) }
        if let level = telemetry.logLevel { all.observers.append(LoggingObserver(context.logger, level: level)) }
        if telemetry.tracing, let tracing = TracingInterceptor(of: context.target, time: context.time) {
            all.interceptors.append(tracing)
        }
        for layer in layers where layer.surrounds(context.target.effect) { all = all + layer.make(context) }
        if let timer, policy.apply(toAnyOf: context.operations) {
            all.interceptors.append(
                PolicyInterceptor(
                    policy,
                    of: context.target,
                    operations: context.operations,
                    time: context.time,
                    random: context.random,
                    timer: timer,
                    observer: measures ? PolicyMetrics(of: context.target) : nil
                )
            )
        }
        if measures, context.target.effect == JournalEffect.name, let counting = JournalEntriesInterceptor() {
            all.interceptors.append(counting)
        }
        if let faults {
            let fault = FaultInterceptor(
                faults,
                of: context.target,
                operations: context.operations,
                time: context.time
            )
            if let fault { all.interceptors.append(fault) }
        }
        return all
    }

    private var measures: Bool { telemetry.metrics && !(MetricsSystem.factory is NOOPMetricsHandler) }

    /// The handlers that a chain is put around: those that send write the context of traces into what they send.
    func prepared(_ bare: EffectSystem, _ target: EffectTarget) -> EffectSystem {
        let instrument = InstrumentationSystem.instrument
        guard telemetry.tracing, !(instrument is NoOpInstrument) else { return bare }
        var effects = bare
        switch target.effect {
        case NetworkEffect.name:
            let network = bare[NetworkEffect.self, instance: target.instance]
            effects[NetworkEffect.self, instance: target.instance] =
                TracedNetworkHandler(network, instrument: instrument)
        case HTTPEffect.name:
            let http = bare[HTTPEffect.self, instance: target.instance]
            effects[HTTPEffect.self, instance: target.instance] = TracedHTTPHandler(http, instrument: instrument)
        default: break
        }
        return effects
    }

    // MARK: Explaining

    /// The names of what surrounds an effect's handlers, from the outside in.
    package func names(for effect: String, _ operations: [EffectOperation]) -> [String] {
        guard !operations.isEmpty else { return [] }
        var names: [String] = []
        if telemetry.metrics { names.append("metrics") }
        if telemetry.logLevel != nil { names.append("logging") }
        if telemetry.tracing { names.append("tracing") }
        names += layers.filter { $0.surrounds(effect) }.map(\.name)
        if policy.apply(toAnyOf: operations) { names.append("policy") }
        if let faults, operations.contains(where: { faults.fault(of: $0) != nil }) { names.append("faults") }
        return names
    }
}

/// What an application brings of its own to surround its handlers with.
struct InterceptionPlan: Sendable {
    var layers: [InterceptionLayer] = []
    var policy = PolicySettings()
}
