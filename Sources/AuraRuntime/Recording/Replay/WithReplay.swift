public import AuraEffects
public import Logging

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Runs `body` on a recording: every effect call is answered from it, no handler is made, and no profile is read.
///
/// The first call that is not the recorded one fails with ``AuraEffects/EffectError/Code/replayDiverged``, and so does
/// every later one; a call that cannot fail, such as reading a clock, ends the process instead.
///
/// - Parameters:
///   - path: The recording.
///   - registry: The handlers that the application links: they say which effects there are.
///   - needs: What the application needs.
///   - logger: Is told how many calls were answered.
///   - body: What to do with the effects.
/// - Returns: What `body` returns.
/// - Throws: ``RecordingFailure`` where the recording cannot be read, was altered, or differs from what `body` asked for,
///   also where `body` made nothing of the error; otherwise what `body` throws.
public func withReplay<Result>(
    of path: String,
    _ registry: HandlerRegistry,
    needs: EffectNeeds = [],
    logger: Logger = Logger(label: "aura"),
    _ body: (EffectSystem, ApplicationContext) async throws -> Result
) async throws -> Result {
    let recording = try RecordingReader.read(path)
    let replayer = CallReplayer(recording) { failure in
        Terminal.flush()
        Terminal.message("error: \(failure)\n")
        exit(failure.exitCode)
    }
    if recording.ending != .closed(.done) {
        logger.notice("It is replayed up to there: \(recording.endingText).")
    }
    for effect in recording.header.effects where !effect.isRecorded {
        logger.warning("The recording has no calls of '\(effect.effect)': they fail. Mark its protocol '@Effect'.")
    }
    let context = try ApplicationContext(recording, needs: needs, logger: logger)
    defer { replayer.finish() }
    let result: Swift.Result<Result, any Error>
    do {
        result = .success(try await body(replayer.effects(registry), context))
    } catch {
        result = .failure(error)
    }
    if let divergence = replayer.divergence { throw divergence }
    let unused = recording.calls.count - replayer.answeredCount
    let rest = unused == 0 ? "all that were recorded" : "\(unused) recorded ones were not asked for"
    logger.notice("Replayed \(replayer.answeredCount) calls of '\(path)': \(rest).")
    return try result.get()
}

extension CallReplayer {
    /// The recorded effects.
    func effects(_ registry: HandlerRegistry) -> EffectSystem {
        var effects = EffectSystem()
        for effect in recording.header.effects {
            guard let declaration = registry.declarations.last(where: { $0.effect == effect.effect }) else { continue }
            let target = EffectTarget(effect: effect.effect, instance: effect.instance, handler: effect.handler)
            let chain = InterceptorChain(
                of: target,
                interceptors: [ReplayingInterceptor(replayer: self, target: target)],
                time: effects.time
            )
            declaration.expose(EffectSystem(), &effects, effect.instance, chain)
        }
        return effects
    }
}

extension ApplicationContext {
    /// The context of the run that was recorded, whatever this machine is.
    fileprivate init(_ recording: Recording, needs: EffectNeeds, logger: Logger) throws(RecordingFailure) {
        let header = recording.header
        let memory = ByteCount(bytes: header.memoryBytes)
        let io = BytesPerSecond(header.ioBytesPerSecond)
        let offers = header.effects.map { effect in
            NeedsReport.Offer(
                effect: effect.effect,
                instance: effect.instance,
                handler: effect.handler,
                capabilities: effect.capabilities
            )
        }
        do throws(ProfileErrors) {
            profile = try Profile(yaml: "profile: \(JSONValue.string(header.profile).line)", file: recording.path)
        } catch {
            throw RecordingFailure(.damaged, "The recording '\(recording.path)' names no profile: record anew.")
        }
        environment =
            RuntimeEnvironment.named.first { $0.name == header.environment }
            ?? .limits(memory: memory, cpu: header.cpuQuota, io: io)
        budget = ResourceBudget(memoryLimit: memory, cpuQuota: header.cpuQuota, ioQuota: io)
        self.needs = NeedsReport(needs, offers: offers, waived: Set(header.waived))
        self.logger = logger
    }
}
