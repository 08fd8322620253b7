#if OpenSSL
internal import AuraEffects
internal import AuraLayered
internal import AuraOpenSSL
internal import AuraRuntime
internal import Synchronization

/// Counts what a crypto handler is asked for, and how many keys it holds.
final class CountedCrypto: Interceptor {
    private static let making: Set<String> = [
        "generateKey", "importKey", "unwrapKey", "deriveKey", "deriveKeyFromPassword", "agreeKey",
    ]

    let name = "counted"
    private let counts = Mutex<[String: Int]>([:])
    private let held = Mutex(0)

    /// How many passwords were stretched.
    var stretchCount: Int { counts.withLock { $0["deriveKeyFromPassword", default: 0] } }

    /// How many keys were made and not deleted.
    var heldKeyCount: Int { held.withLock { $0 } }

    func intercept(_ call: EffectCall, _ next: EffectContinuation) async throws(EffectError) -> EffectAnswer {
        counts.withLock { $0[call.operation.name, default: 0] += 1 }
        let answer = try await next()
        let change = Self.making.contains(call.operation.name) ? 1 : call.operation.name == "deleteKey" ? -1 : 0
        held.withLock { $0 += change }
        return answer
    }

    /// Keys in a storage, by a crypto handler of their own that is counted.
    func keys(
        in storage: any StorageEffects,
        password: String = "hunter2",
        random: any RandomEffects = HandlerContext.system.random
    ) -> StoredKeyHandler {
        var context = HandlerContext.system
        let chain = InterceptorChain(of: EffectTarget(effect: "crypto"), interceptors: [self], time: context.time)
        context.crypto = CryptoEffect.intercepted(OpenSSLCryptoHandler(.system), by: chain)
        context.random = random
        let unlocking = KeyUnlocking.password(Secret(password), .pbkdf2(iterations: 10_000))
        return StoredKeyHandler(over: storage, unlocking: unlocking, context)
    }
}
#endif
