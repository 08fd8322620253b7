public import AuraEffects
public import Logging

/// What a handler is made from besides its settings.
///
/// A handler never makes a thread and never waits but through ``time``: the executors come from here too, so that a
/// simulation can own both. A handler that keeps files does so on ``volume`` where there is one.
public struct HandlerContext: Sendable {
    /// What the handler may use.
    public var budget: ResourceBudget
    /// The profile's time handler; for the time handler itself the system's clocks.
    public var time: any TimeEffects
    /// The profile's random handler; for the time and random handlers themselves the system's generator.
    public var random: any RandomEffects
    /// The profile's crypto handler; unimplemented where there is none, and for the time, random and crypto handlers.
    public var crypto: any CryptoEffects
    /// The profile's keys; unimplemented where there are none, and for the handlers that keys are made with.
    public var keys: any KeyEffects
    /// The profile's HTTP handler; unimplemented where there is none, and for the handlers that come before it.
    public var http: any HTTPEffects
    /// The handler's logger, labelled with effect and technology.
    public var logger: Logger
    /// Makes executors for blocking calls.
    public var executors: HandlerExecutorFactory
    /// Where the handler reports its queues and caches.
    public var metrics: HandlerMetrics
    /// The file system that the handler's files lie on; `nil` for the machine's own.
    public var volume: (any FileVolume)?

    /// Creates a context.
    ///
    /// From the first one on the process computes SHA-256 by the processor's own instructions, where it has them and no bundle
    /// of handlers has brought something else.
    public init(
        budget: ResourceBudget,
        time: any TimeEffects,
        random: any RandomEffects,
        crypto: any CryptoEffects = CryptoEffect.unimplemented,
        keys: any KeyEffects = KeysEffect.unimplemented,
        http: any HTTPEffects = HTTPEffect.unimplemented,
        logger: Logger,
        executors: HandlerExecutorFactory = .threads,
        metrics: HandlerMetrics = .none,
        volume: (any FileVolume)? = nil
    ) {
        _ = SHA256.usesProcessor
        self.budget = budget
        self.time = time
        self.random = random
        self.crypto = crypto
        self.keys = keys
        self.http = http
        self.logger = logger
        self.executors = executors
        self.metrics = metrics
        self.volume = volume
    }
}
