internal import AuraEffects
internal import AuraOpenSSL
internal import AuraRuntime
internal import AuraSystem
internal import Measuring

/// Sealing and opening messages of 1 MiB through the crypto handler: of both ciphers and both directions the one that does
/// worst beside what the program `openssl` measures of the same cipher, direction and size.
///
/// The baseline's sample is that of the work that did worst, measured right beside it.
final class SealedMessages: Comparison {
    let name = "aead-1MiB"
    let unit = "MiB/s"
    let isHigherBetter = true
    let target = Target.ratio(atLeast: 0.9)

    private static let messageBytes = 1 << 20
    private static let mebibyte = 1_048_576.0
    private static let ciphers: [(name: String, algorithm: KeyAlgorithm)] = [
        ("aes-256-gcm", .aes256GCM), ("chacha20-poly1305", .chaCha20Poly1305),
    ]

    private let count: Int
    private var worstBaseline: Double?

    init(count: Int) {
        self.count = max(50, count)
    }

    func measureOurs() async throws -> Double {
        var worst: (ratio: Double, ours: Double, baseline: Double)?
        try await withCrypto { crypto in
            for (cipher, algorithm) in Self.ciphers {
                let key = try await crypto.generateKey(algorithm)
                for isOpening in [false, true] {
                    let baseline = try OpenSSLSpeed.bytesPerSecond(
                        cipher,
                        isDecrypting: isOpening,
                        messageBytes: Self.messageBytes
                    )
                    let ours = try await self.bytesPerSecond(crypto, key, isOpening: isOpening)
                    report("  \(cipher) \(isOpening ? "open" : "seal"): \(ours / baseline) of openssl speed")
                    if let worst, worst.ratio <= ours / baseline { continue }
                    worst = (ours / baseline, ours, baseline)
                }
            }
        }
        worstBaseline = worst?.baseline
        return (worst?.ours ?? 0) / Self.mebibyte
    }

    func measureBaseline() async throws -> Double? {
        // A round may ask for the baseline first: it is measured with ours either way.
        if worstBaseline == nil { _ = try await measureOurs() }
        return worstBaseline.map { $0 / Self.mebibyte }
    }

    private func bytesPerSecond(_ crypto: any CryptoEffects, _ key: KeyID, isOpening: Bool) async throws -> Double {
        let message = (0..<Self.messageBytes).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let box = try await crypto.seal(message, authenticating: [], key: key)
        let elapsed = try await seconds {
            for _ in 0..<count {
                if isOpening {
                    _ = try await crypto.open(box, authenticating: [], key: key)
                } else {
                    _ = try await crypto.seal(message, authenticating: [], key: key)
                }
            }
        }
        return Double(count * Self.messageBytes) / elapsed
    }

    private func withCrypto(_ body: (any CryptoEffects) async throws -> Void) async throws {
        let profile = try Profile(
            yaml: """
                profile: bench
                environment: server
                crypto: { handler: openssl }
                time: { handler: system }
                random: { handler: system }
                """
        )
        let registry = HandlerRegistry {
            OpenSSLHandlers()
            SystemHandlers()
        }
        try await withAssembled(profile, registry, variables: [:]) { effects, context in
            MemoryAllocator.tune(for: context.budget)
            try await body(effects.crypto)
        }
    }
}
