internal import AuraEffects

/// Alters what a device's journal gives to others, as a device would that is broken or means harm.
struct Intruder: Interceptor {
    let name = "intruder"

    func intercept(_ call: EffectCall, _ next: EffectContinuation) async throws(EffectError) -> EffectAnswer {
        let answer = try await next()
        guard let batch = answer as? AnswerOf<JournalBatch>, !batch.typed.entries.isEmpty, Bool.random() else {
            return answer
        }
        var altered = batch.typed
        let index = Int.random(in: 0..<altered.entries.count)
        altered.entries[index].body = .payload(Array("something else".utf8))
        return AnswerOf(altered)
    }
}
