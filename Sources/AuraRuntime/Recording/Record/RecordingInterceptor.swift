internal import AuraEffects

/// Records every call with its answer or its error. It stands outermost: what it records is what the application was told.
struct RecordingInterceptor: SynchronousInterceptor {
    let name = "recording"
    let readsArguments = true
    let recorder: CallRecorder

    func intercept(_ call: EffectCall, _ next: EffectContinuation) async throws(EffectError) -> EffectAnswer {
        do throws(EffectError) {
            let answer = try await next()
            await recorder.record(call, .success(answer))
            return answer
        } catch {
            await recorder.record(call, .failure(error))
            throw error
        }
    }

    func interceptSynchronously(
        _ call: EffectCall,
        answering type: EffectAnswerType,
        _ next: () -> EffectAnswer
    ) -> EffectAnswer {
        let answer = next()
        recorder.recordSynchronously(call, answer)
        return answer
    }
}
