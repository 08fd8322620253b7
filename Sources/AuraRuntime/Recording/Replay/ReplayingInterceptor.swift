internal import AuraEffects

/// Answers every call from a recording; the handler within is never called.
struct ReplayingInterceptor: SynchronousInterceptor {
    let name = "replay"
    let readsArguments = true
    let replayer: CallReplayer
    /// The handler whose calls it answers.
    let target: EffectTarget

    func intercept(_ call: EffectCall, _ next: EffectContinuation) async throws(EffectError) -> EffectAnswer {
        try await replayer.answer(call, of: target.instance, as: next.answerType)
    }

    func interceptSynchronously(
        _ call: EffectCall,
        answering type: EffectAnswerType,
        _ next: () -> EffectAnswer
    ) -> EffectAnswer {
        replayer.answerSynchronously(call, of: target.instance, as: type)
    }
}
