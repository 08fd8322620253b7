public import AuraEffects
public import Logging

/// Assembles a profile, lends the effect system to `body`, and stops the handlers in reverse order, whatever happens.
///
/// ```swift
/// let profile = try Profile.find("test")
/// try await withAssembled(profile, Fieldnotes.handlers, needs: Fieldnotes.needs) { effects, context in
///     …
/// }
/// ```
///
/// - Parameters:
///   - profile: The profile.
///   - registry: The handlers that the application links.
///   - needs: What the application needs.
///   - layers: What the application puts around its handlers.
///   - policy: The application's own policies, which the profile refines.
///   - variables: The environment variables that override settings; by default the process's.
///   - logger: What the handlers' loggers are made from.
///   - body: What to do with the effects.
/// - Returns: What `body` returns.
/// - Throws: ``ProfileErrors`` where the profile is wrong; ``EffectError`` where a handler cannot be made; what `body`
///   throws.
public func withAssembled<Result>(
    _ profile: Profile,
    _ registry: HandlerRegistry,
    needs: EffectNeeds = [],
    interception layers: [InterceptionLayer] = [],
    policy: PolicySettings = PolicySettings(),
    variables: [String: String]? = nil,
    logger: Logger = Logger(label: "aura"),
    _ body: (EffectSystem, ApplicationContext) async throws -> Result
) async throws -> Result {
    let assembly = try Assembly(
        profile,
        registry,
        needs: needs,
        interception: layers,
        policy: policy,
        variables: variables
    )
    return try await assembly.withEffects(logger: logger, body)
}

extension Assembly {
    /// Makes the handlers, lends the effect system to `body`, and stops the handlers in reverse order.
    ///
    /// - Parameters:
    ///   - logger: What the handlers' loggers are made from.
    ///   - executors: Makes the executors of blocking calls.
    ///   - volume: Where handlers keep files; `nil` for the machine's file system.
    ///   - recording: Where to record every call of `body`; by default nothing is recorded.
    ///   - exporter: Sends spans and metrics with the profile's `http`; without such a handler it does nothing.
    ///   - body: What to do with the effects.
    /// - Returns: What `body` returns.
    /// - Throws: ``EffectError`` where a handler cannot be made; ``RecordingFailure`` where the recording cannot; what
    ///   `body` throws.
    public func withEffects<Result>(
        logger: Logger,
        executors: HandlerExecutorFactory = .threads,
        volume: (any FileVolume)? = nil,
        recording: RecordingOptions? = nil,
        exporter: OTLPExporter? = nil,
        _ body: (EffectSystem, ApplicationContext) async throws -> Result
    ) async throws -> Result {
        for warning in warnings { logger.warning("\(warning)") }
        for line in needs.waived {
            logger.warning(
                "The profile '\(profile.name)' waives '\(line.name)': '\(line.handler ?? "")' does without it."
            )
        }
        let system = try await AssembledSystem(
            fetchingSecrets(logger: logger, executors: executors, volume: volume),
            logger: logger,
            executors: executors,
            volume: volume,
            exporter: exporter
        )
        let context = ApplicationContext(
            profile: profile,
            environment: environment,
            budget: resources.budget,
            needs: needs,
            logger: logger
        )
        do {
            let result = try await withRecording(recording, of: system, context) { try await body($0, context) }
            await system.stop()
            return result
        } catch {
            await system.stop()
            throw error
        }
    }
}
