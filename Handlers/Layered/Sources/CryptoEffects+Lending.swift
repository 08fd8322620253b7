internal import AuraEffects

extension CryptoEffects {
    /// Runs `body` with a key, which is deleted then, whatever happens.
    func lending<Result>(
        _ key: KeyID,
        _ body: () async throws(EffectError) -> Result
    ) async throws(EffectError) -> Result {
        let result = try await keeping(key, body)
        await forget([key])
        return result
    }

    /// Runs `body` with a key, which is deleted where that fails.
    func keeping<Result>(
        _ key: KeyID,
        _ body: () async throws(EffectError) -> Result
    ) async throws(EffectError) -> Result {
        do throws(EffectError) {
            return try await body()
        } catch {
            await forget([key])
            throw error
        }
    }

    /// Deletes keys that nobody needs any more.
    func forget(_ keys: [KeyID]) async {
        // One that is not deleted goes with the crypto handler: that is no reason to fail what was done with it.
        for key in keys { try? await deleteKey(key) }
    }
}
