public import AuraEffects
internal import Logging

/// A profile checked against an application's handlers and needs: everything is known, and nothing is made yet.
///
/// This is the one way from a profile to an effect system; the command line, tests and tools all take it.
public struct Assembly: Sendable {
    /// The profile.
    public let profile: Profile
    /// The environment that the profile or a variable names.
    public let environment: RuntimeEnvironment
    /// Where the environment's name comes from.
    public let environmentPlace: SettingPlace
    /// What handlers may use, with the source of each limit.
    public let resources: ResourceManager.Derivation
    /// The handlers in the order of their start: time, random, crypto, keys, HTTP, then as the profile has them.
    public let handlers: [ResolvedHandler]
    /// How the handlers meet the application's needs.
    public let needs: NeedsReport
    /// The effects of other applications that the profile names; they are left out.
    public let skippedEffects: [String]
    /// What surrounds the handlers.
    public let interception: Interception
    /// What is doubtful and yet not wrong.
    public let warnings: [ProfileError]

    let registry: HandlerRegistry
    /// What the profile is checked by, for the check with the secrets that services keep.
    let terms: AssemblyTerms
    /// The secrets of services that settings name, in whose place other texts stand until they are fetched.
    let pendingSecrets: [PendingSecret]

    /// Checks a profile.
    ///
    /// Nobody is asked for anything: secrets that services keep are fetched when the handlers are made.
    ///
    /// - Parameters:
    ///   - profile: The profile.
    ///   - registry: The handlers that the application links.
    ///   - needs: What the application needs.
    ///   - layers: What the application puts around its handlers.
    ///   - policy: The application's own policies, which the profile refines.
    ///   - variables: The environment variables that override settings; by default the process's.
    ///   - machine: What the machine grants; by default what can be read of it.
    /// - Throws: ``ProfileErrors`` with everything that is wrong, not only the first mistake.
    public init(
        _ profile: Profile,
        _ registry: HandlerRegistry,
        needs: EffectNeeds = [],
        interception layers: [InterceptionLayer] = [],
        policy: PolicySettings = PolicySettings(),
        variables: [String: String]? = nil,
        machine: MachineLimits? = nil
    ) throws(ProfileErrors) {
        let terms = AssemblyTerms(
            needs: needs,
            layers: layers,
            policy: policy,
            variables: variables ?? Host.variables,
            machine: machine ?? ResourceManager.machineLimits()
        )
        try self.init(profile, registry, terms)
    }

    init(_ profile: Profile, _ registry: HandlerRegistry, _ terms: AssemblyTerms) throws(ProfileErrors) {
        let needs = terms.needs
        var resolver = ProfileResolver(
            profile,
            registry: registry,
            needs: needs,
            variables: terms.variables,
            secrets: terms.secrets
        )
        let environment = resolver.environment()
        let waived = resolver.waived(in: environment?.value)
        let limits = environment?.value ?? .embedded
        let resources = ResourceManager.derive(from: limits, on: terms.machine)
        let handlers = resolver.handlers.enumerated()
            .sorted { (Self.rank($0.element), $0.offset) < (Self.rank($1.element), $1.offset) }
            .map(\.element)
        let offers = handlers.filter { !resolver.broken.contains($0.key) }
            .map { handler in
                NeedsReport.Offer(
                    effect: handler.effect,
                    instance: handler.instance,
                    handler: handler.technology,
                    capabilities: handler.capabilities(under: resources.budget)
                )
            }
        let report = NeedsReport(needs, offers: offers, waived: waived)
        resolver.problems += Self.unmetUses(of: handlers, registry)
        let mayWaive = environment?.value.allowsWaiving ?? false
        resolver.problems += report.lines.filter { $0.status == .missing }
            .compactMap { line in
                let key = ProfileDocument.key(of: line.effect, instance: line.instance)
                if resolver.broken.contains(key) { return nil }
                guard let handler = handlers.first(where: { $0.key == key }) else {
                    return Self.missing(line, key: key, in: profile, registry)
                }
                let budget = resources.budget
                return UnmetNeed(line: line, handler: handler, needs: needs, registry: registry, budget: budget)
                    .error(mayWaive: mayWaive)
            }
        let plan = InterceptionPlan(layers: terms.layers, policy: terms.policy)
        let interception = Interception(of: &resolver, in: environment?.value, plan)
        if interception.telemetry.otlp != nil, !handlers.contains(where: { $0.key == HTTPEffect.name }) {
            resolver.problems.append(Self.exporterWithoutHTTP(resolver.document, registry))
        }
        guard let environment, resolver.problems.isEmpty else {
            throw ProfileErrors(Self.sorted(resolver.problems, mainFile: profile.file))
        }
        self.profile = profile
        self.registry = registry
        self.terms = terms
        self.pendingSecrets = resolver.pendingSecrets
        self.environment = environment.value
        self.environmentPlace = environment.place
        self.resources = resources
        self.handlers = handlers
        self.needs = report
        self.interception = interception
        self.skippedEffects = resolver.skipped.map(\.effect)
        self.warnings = resolver.warnings
    }

    /// Time first, then random, crypto, keys and HTTP: the other handlers are made with them.
    ///
    /// Keys that are opened by way of HTTP follow it.
    private static func rank(_ handler: ResolvedHandler) -> Int {
        switch handler.effect {
        case KeysEffect.name where handler.uses.contains(HTTPEffect.name): 5
        case TimeEffect.name: 0
        case RandomEffect.name: 1
        case CryptoEffect.name: 2
        case KeysEffect.name: 3
        case HTTPEffect.name: 4
        default: 6
        }
    }

    /// What handlers take from their context and the profile does not have.
    private static func unmetUses(of handlers: [ResolvedHandler], _ registry: HandlerRegistry) -> [ProfileError] {
        let present = Set(handlers.filter(\.instance.isEmpty).map(\.effect))
        return handlers.flatMap { handler in
            handler.uses.subtracting(present).sorted()
                .map { effect in
                    let message =
                        "'\(handler.technology)' works with '\(effect)', and the profile has none; add it; "
                        + linked(effect, registry)
                    return ProfileError(.needNotMet, at: handler.technologyPlace, key: handler.key, message)
                }
        }
    }

    private static func exporterWithoutHTTP(_ document: ProfileDocument, _ registry: HandlerRegistry) -> ProfileError {
        let message = "is sent with 'http', and the profile has none; add it; " + linked(HTTPEffect.name, registry)
        let place = document.sections["telemetry"]?.place ?? .file(document.file)
        return ProfileError(.needNotMet, at: place, key: "telemetry.otlp", message)
    }

    private static func missing(
        _ line: NeedsReport.Line,
        key: String,
        in profile: Profile,
        _ registry: HandlerRegistry
    ) -> ProfileError {
        let family = ProfileDocument.key(of: line.effect)
        let message =
            "the application needs it, and the profile has none; add '\(family)'; " + linked(line.effect, registry)
        return ProfileError(.needNotMet, at: .file(profile.file), key: key, message)
    }

    /// Which handlers of a family a profile can choose from.
    private static func linked(_ effect: String, _ registry: HandlerRegistry) -> String {
        let technologies = registry.technologies(of: effect)
        return technologies.isEmpty
            ? "no handler is linked for it" : "linked: \(technologies.joined(separator: ", "))"
    }

    /// By file, the profile's own first, then by line.
    private static func sorted(_ problems: [ProfileError], mainFile: String) -> [ProfileError] {
        func rank(_ problem: ProfileError) -> (Int, String, Int, Int) {
            let place = problem.place
            let fileRank = place.file == nil ? 2 : place.file == mainFile ? 0 : 1
            return (fileRank, place.file ?? place.description, place.line ?? 0, place.column ?? 0)
        }
        return problems.enumerated()
            .sorted { left, right in
                let (leftRank, rightRank) = (rank(left.element), rank(right.element))
                return leftRank == rightRank ? left.offset < right.offset : leftRank < rightRank
            }
            .map(\.element)
    }
}
