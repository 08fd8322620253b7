internal import AuraEffects

/// What `body` returns or throws: a child task made with `async let` loses the error's type.
func attempt<Value: Sendable>(
    _ body: () async throws(EffectError) -> Value
) async -> Result<Value, EffectError> {
    do throws(EffectError) {
        return .success(try await body())
    } catch {
        return .failure(error)
    }
}
