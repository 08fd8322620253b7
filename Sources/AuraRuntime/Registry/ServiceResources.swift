public import AuraEffects
package import Logging

/// Something that a service has to hold before a handler can work, such as a table or a bucket.
public struct ServiceResource: Sendable, Hashable {
    /// What it is, such as `table`.
    public var kind: String
    /// Its name.
    public var name: String
    /// Whether it is there.
    public var exists: Bool

    /// Creates a description.
    public init(_ kind: String, _ name: String, exists: Bool) {
        self.kind = kind
        self.name = name
        self.exists = exists
    }
}

/// The care of what a handler needs of a service: looking whether it is there, and making it.
public struct ServiceResources: Sendable {
    /// An operation under a handler's settings; its answer is what was there before.
    public typealias Operation =
        @Sendable (HandlerSettings, HandlerContext) async throws(EffectError) -> [ServiceResource]

    /// Looks, and changes nothing.
    public let status: Operation

    /// Makes what is missing, and waits until it can be used; what is there stays as it is.
    public let create: Operation

    /// Creates the care of a handler's resources.
    public init(status: @escaping Operation, create: @escaping Operation) {
        self.status = status
        self.create = create
    }
}

extension Assembly {
    /// What the profile's handlers need of services, each once.
    ///
    /// - Parameters:
    ///   - creates: Whether what is missing is made.
    ///   - logger: What the handlers' loggers are made from.
    /// - Returns: What was there before, with the handler's key.
    /// - Throws: ``ProfileErrors`` where secrets cannot be had; ``EffectError`` where a service cannot be asked.
    package func serviceResources(
        creates: Bool,
        logger: Logger
    ) async throws -> [(key: String, resource: ServiceResource)] {
        let assembly = try await fetchingSecrets(logger: logger)
        let effects: Set<String> = [TimeEffect.name, RandomEffect.name, HTTPEffect.name]
        return try await assembly.withContext(of: effects, logger: logger) { (context) async throws(EffectError) in
            var found: [(key: String, resource: ServiceResource)] = []
            for handler in assembly.handlers.flatMap(\.withAllWithin) {
                guard let resources = handler.declaration.resources else { continue }
                let operation = creates ? resources.create : resources.status
                for resource in try await operation(handler.values, context) {
                    let isKnown = found.contains { other in
                        (other.resource.kind, other.resource.name) == (resource.kind, resource.name)
                    }
                    if !isKnown { found.append((handler.key, resource)) }
                }
            }
            return found
        }
    }

    /// Makes the default handlers of some effects alone, and lends what others are made from.
    func withContext<Result>(
        of effects: Set<String>,
        logger: Logger,
        executors: HandlerExecutorFactory = .threads,
        volume: (any FileVolume)? = nil,
        _ body: (HandlerContext) async throws(EffectError) -> Result
    ) async throws(EffectError) -> Result {
        var starter = Starter(self, logger: logger, executors: executors, volume: volume)
        do throws(EffectError) {
            try await starter.startPlatform()
            for handler in handlers where effects.contains(handler.effect) && handler.instance.isEmpty {
                try await starter.start(handler)
            }
            let result = try await body(starter.context)
            await AssembledSystem.stop(starter.stops)
            return result
        } catch {
            await AssembledSystem.stop(starter.stops)
            throw error
        }
    }
}

extension ResolvedHandler {
    /// This handler and those that it is made over, at any depth.
    fileprivate var withAllWithin: [ResolvedHandler] { [self] + within.flatMap(\.withAllWithin) }
}
