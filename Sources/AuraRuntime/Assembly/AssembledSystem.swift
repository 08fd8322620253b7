internal import AuraEffects
internal import Logging

/// An effect system with its handlers running.
struct AssembledSystem: Sendable {
    let effects: EffectSystem
    /// The clock with nothing around it, the profile's or the system's; `nil` where there is none.
    let time: (any TimeEffects)?
    private let stops: [@Sendable () async -> Void]

    /// Makes every handler of an assembly, each with the profile's time and random.
    ///
    /// - Parameters:
    ///   - assembly: The checked profile.
    ///   - logger: What handlers' loggers are made from.
    ///   - executors: Makes the executors of blocking calls.
    ///   - volume: Where handlers keep files; `nil` for the machine's file system.
    ///   - exporter: Sends spans and metrics; `nil` for none.
    /// - Throws: ``EffectError`` where a handler cannot be made; those made before it are stopped then.
    init(
        _ assembly: Assembly,
        logger: Logger,
        executors: HandlerExecutorFactory,
        volume: (any FileVolume)?,
        exporter: OTLPExporter?
    ) async throws(EffectError) {
        var starter = Starter(assembly, logger: logger, executors: executors, volume: volume)
        starter.exporter = exporter
        do throws(EffectError) {
            try await starter.startPlatform()
            for handler in assembly.handlers { try await starter.start(handler) }
        } catch {
            await Self.stop(starter.stops)
            throw error
        }
        if assembly.interception.telemetry.metrics { _ = BudgetMetrics(assembly.resources.budget) }
        effects = starter.surrounded
        time = starter.time
        stops = starter.stops
    }

    /// Stops the handlers in the reverse order of their start.
    func stop() async {
        await Self.stop(stops)
    }

    static func stop(_ stops: [@Sendable () async -> Void]) async {
        for stop in stops.reversed() { await stop() }
    }
}

/// Makes the handlers of an assembly one after the other.
struct Starter {
    let assembly: Assembly
    let logger: Logger
    let executors: HandlerExecutorFactory
    let volume: (any FileVolume)?
    /// The profile's handlers with nothing around them: what other handlers are made with.
    var effects = EffectSystem()
    /// The profile's handlers with what surrounds them: what the application is given.
    var surrounded = EffectSystem()
    /// The system's own time and random, for what is made before the profile's.
    var platform = EffectSystem()
    var stops: [@Sendable () async -> Void] = []
    /// What ends the waits of policies; made with the first handler that has one.
    var timer: PolicyTimer?
    var hasTime = false
    var hasRandom = false
    /// Sends spans and metrics from the moment on that there is a handler of HTTP.
    var exporter: OTLPExporter?

    init(_ assembly: Assembly, logger: Logger, executors: HandlerExecutorFactory, volume: (any FileVolume)?) {
        self.assembly = assembly
        self.logger = logger
        self.executors = executors
        self.volume = volume
    }

    /// Makes the technology `system` of time and random where it is linked.
    ///
    /// They are what the profile's own time and random are made with: a manual clock may ask what time it is.
    mutating func startPlatform() async throws(EffectError) {
        for effect in [TimeEffect.name, RandomEffect.name] {
            guard let declaration = assembly.registry.declaration(effect: effect, technology: "system"),
                let settings = HandlerSettings(defaultsOf: declaration)
            else { continue }
            var context = context
            context.logger[metadataKey: "effect"] = "\(effect)"
            context.logger[metadataKey: "handler"] = "system"
            stops.append(try await declaration.install(settings, context, "", &platform))
        }
    }

    mutating func start(_ handler: ResolvedHandler) async throws(EffectError) {
        // Before the handler, so that it is stopped after it.
        if assembly.interception.policy.apply(toAnyOf: handler.declaration.operations) { startTimer() }
        stops.append(try await handler.install(in: &effects, instance: handler.instance, context))
        if handler.effect == TimeEffect.name && handler.instance.isEmpty { hasTime = true }
        if handler.effect == RandomEffect.name && handler.instance.isEmpty { hasRandom = true }
        surround(handler)
        if handler.effect == HTTPEffect.name && handler.instance.isEmpty { startExporter() }
    }

    /// Before the handlers that come later, so that it sends what they measure until they are stopped, and after HTTP, with
    /// which it sends.
    private mutating func startExporter() {
        guard let exporter else { return }
        let context = context
        exporter.start(http: context.http, time: context.time, random: context.random, logger: logger)
        stops.append { await exporter.stop() }
    }

    private mutating func startTimer() {
        guard timer == nil else { return }
        let timer = PolicyTimer(time: context.time)
        let tasks = TaskOwner()
        tasks.start { await timer.run() }
        stops.append {
            timer.stop()
            await tasks.wait()
        }
        self.timer = timer
    }

    private mutating func surround(_ handler: ResolvedHandler) {
        let context = context
        let target = EffectTarget(
            effect: handler.effect,
            instance: handler.instance,
            handler: handler.technology
        )
        let surroundings = assembly.interception.surroundings(
            of: InterceptionContext(
                target: target,
                operations: handler.declaration.operations,
                time: context.time,
                random: context.random,
                logger: handler.labelling(context.logger)
            ),
            timer
        )
        let chain = InterceptorChain(
            of: target,
            observers: surroundings.observers,
            interceptors: surroundings.interceptors,
            time: context.time
        )
        let bare = assembly.interception.prepared(effects, target)
        handler.declaration.expose(bare, &surrounded, handler.instance, surroundings.isEmpty ? nil : chain)
    }

    /// The clock, where there is one.
    var time: (any TimeEffects)? {
        if hasTime { return effects.time }
        return assembly.registry.declaration(effect: TimeEffect.name, technology: "system").map { _ in platform.time }
    }

    /// What the next handler is made from.
    var context: HandlerContext {
        HandlerContext(
            budget: assembly.resources.budget,
            time: hasTime ? effects.time : platform.time,
            random: hasRandom ? effects.random : platform.random,
            crypto: effects.crypto,
            keys: effects.keys,
            http: effects.http,
            logger: logger,
            executors: executors,
            volume: volume
        )
    }
}

extension HandlerSettings {
    /// The settings of a handler of which a profile gives these alone; `nil` where it needs another one.
    ///
    /// - Parameters:
    ///   - declaration: The handler.
    ///   - given: What is given, as a profile would spell it.
    package init?(defaultsOf declaration: HandlerDeclaration, given: [String: String] = [:]) {
        var values: [String: Value] = [:]
        for setting in declaration.settings {
            guard let text = given[setting.key] ?? setting.defaultValue else {
                if setting.isRequired { return nil }
                continue
            }
            guard let value = try? SettingParser.parse(text, as: setting.type) else { return nil }
            values[setting.key] = value
        }
        self.init(values)
    }
}
