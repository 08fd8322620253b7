internal import AuraEffects
internal import Logging

extension Assembly {
    /// Lends the effects of a running system to `body`, recorded where options say so.
    ///
    /// What is recorded is what `body` calls and what it is told: the interceptor stands outside everything else. What
    /// handlers call of each other is not recorded, since a replay has none.
    func withRecording<Result>(
        _ options: RecordingOptions?,
        of system: AssembledSystem,
        _ context: ApplicationContext,
        _ body: (EffectSystem) async throws -> Result
    ) async throws -> Result {
        guard let options else { return try await body(system.effects) }
        let recorder = try CallRecorder(
            options,
            recordingHeader(context, started: system.time?.now),
            time: system.time,
            logger: context.logger
        )
        // Secrets are not to be recorded.
        for handler in handlers where handler.declaration.operations.isEmpty && handler.effect != SecretsEffect.name {
            context.logger.warning(
                "The calls of '\(handler.key)' are not recorded, and a replay cannot answer them: mark its protocol '@Effect'."
            )
        }
        do {
            let result = try await body(recorded(system.effects, by: recorder))
            await recorder.finish()
            return result
        } catch {
            await recorder.finish()
            throw error
        }
    }

    private func recorded(_ effects: EffectSystem, by recorder: CallRecorder) -> EffectSystem {
        var result = EffectSystem()
        for handler in handlers {
            let target = EffectTarget(effect: handler.effect, instance: handler.instance, handler: handler.technology)
            let chain = InterceptorChain(
                of: target,
                interceptors: [RecordingInterceptor(recorder: recorder, target: target)],
                time: effects.time
            )
            handler.declaration.expose(effects, &result, handler.instance, chain)
        }
        return result
    }

    private func recordingHeader(_ context: ApplicationContext, started: WallTime?) -> RecordingHeader {
        RecordingHeader(
            application: context.logger.label,
            profile: profile.name,
            environment: environment.name,
            started: started.map { UTCTime.iso($0.millisecondsSinceEpoch) } ?? "",
            memoryBytes: context.budget.memoryLimit.bytes,
            cpuQuota: context.budget.cpuQuota,
            ioBytesPerSecond: context.budget.ioQuota.bytesPerSecond,
            effects: handlers.map { handler in
                RecordingHeader.Effect(
                    effect: handler.effect,
                    instance: handler.instance,
                    handler: handler.technology,
                    capabilities: handler.capabilities(under: context.budget),
                    isRecorded: !handler.declaration.operations.isEmpty
                )
            },
            waived: needs.waived.map(\.name)
        )
    }
}
