internal import AuraEffects

/// Records every call with its answer or its error.
///
/// It stands outermost: what it records is what the application was told.
struct RecordingInterceptor: SynchronousInterceptor {
    let name = "recording"
    let readsArguments = true
    let recorder: CallRecorder
    /// The handler whose calls it records.
    let target: EffectTarget

    func intercept(_ call: EffectCall, _ next: EffectContinuation) async throws(EffectError) -> EffectAnswer {
        do throws(EffectError) {
            let answer = try await next()
            await recorder.record(call, of: target.instance, .success(answer))
            return answer
        } catch {
            // Complete as the application sees it, so that a replay throws the very same.
            var error = error
            if error.effect.isEmpty { error.effect = call.operation.effect }
            if error.operation.isEmpty { error.operation = call.operation.name }
            if error.handler.isEmpty { error.handler = target.handler.isEmpty ? name : target.handler }
            await recorder.record(call, of: target.instance, .failure(error))
            throw error
        }
    }

    func interceptSynchronously(
        _ call: EffectCall,
        answering type: EffectAnswerType,
        _ next: () -> EffectAnswer
    ) -> EffectAnswer {
        let answer = next()
        recorder.recordSynchronously(call, of: target.instance, answer)
        return answer
    }
}
