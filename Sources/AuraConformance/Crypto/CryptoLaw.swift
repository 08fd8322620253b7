public import AuraEffects

/// A property that every crypto handler must have.
public typealias CryptoLaw = Law<any CryptoEffects>

extension Law where Handler == any CryptoEffects {
    /// Every law of crypto.
    public static var all: [CryptoLaw] { holding + sealing + wrapping + deriving + signing }

    /// The laws that apply to what a harness makes.
    public static func applicable(to harness: any ConformanceHarness<any CryptoEffects>) -> [CryptoLaw] {
        all.filter { $0.applies(to: harness) }
    }

    static var holding: [CryptoLaw] {
        [
            CryptoLaw("the handler declares what its harness says") { harness in
                let crypto = try await harness.make()
                try expectEqual(crypto.capabilities, harness.capabilities, "the declaration")
            },
            CryptoLaw("a key that the handler does not hold is not found, by any operation") { harness in
                let crypto = try await harness.make()
                try await expectUnknown(KeyID(rawValue: "nobody"), on: crypto)
            },
            CryptoLaw("a deleted key is gone, and others stay") { harness in
                let crypto = try await harness.make()
                let gone = try await crypto.generateKey(.aes256GCM)
                let stays = try await crypto.generateKey(.aes256GCM)
                try await crypto.deleteKey(gone)
                try await expectUnknown(gone, on: crypto)
                let box = try await crypto.seal([1, 2, 3], authenticating: [], key: stays)
                let opened = try await crypto.open(box, authenticating: [], key: stays)
                try expectEqual(opened, [1, 2, 3], "what was sealed")
            },
            CryptoLaw("a key does only what its algorithm is for") { harness in
                let crypto = try await harness.make()
                let keys = try await CryptoFixtures.keyOfEach(on: crypto)
                for (algorithm, key) in keys { try await expectOnly(algorithm, key, on: crypto) }
            },
            CryptoLaw("an algorithm that nobody knows is unsupported") { harness in
                let crypto = try await harness.make()
                let unknown = KeyAlgorithm(rawValue: "rot13")
                try await expectFailure(.unsupported, "a key of rot13") { try await crypto.generateKey(unknown) }
                try await expectFailure(.unsupported, "a digest of crc32") {
                    try await crypto.digest(of: [], by: HashFunction(rawValue: "crc32"))
                }
            },
            CryptoLaw("bytes that are no key of the algorithm are refused") { harness in
                let crypto = try await harness.make()
                let wrongSizes: [(KeyAlgorithm, Int)] = [
                    (.aes256GCM, 31), (.chaCha20Poly1305, 33), (.ed25519, 0), (.x25519, 64), (.p256, 31),
                    (.hmacSHA256, 0),
                ]
                for (algorithm, size) in wrongSizes {
                    try await expectFailure(.invalidArgument, "\(size) bytes as \(algorithm)") {
                        try await crypto.importKey(Secret([UInt8](repeating: 7, count: size)), as: algorithm)
                    }
                }
                // Zero, and a number beyond the order of the curve.
                for byte in [UInt8(0), 0xff] {
                    try await expectFailure(.invalidArgument, "no scalar of P-256") {
                        try await crypto.importKey(Secret([UInt8](repeating: byte, count: 32)), as: .p256)
                    }
                }
            },
        ]
    }

    /// Expects that every operation refuses a handle.
    private static func expectUnknown(_ key: KeyID, on crypto: any CryptoEffects) async throws {
        let box = SealedBox(nonce: [UInt8](repeating: 0, count: 24), ciphertext: [UInt8](repeating: 0, count: 16))
        let held = try await crypto.generateKey(.aes256GCM)
        try await expectFailure(.notFound, "publicKey") { try await crypto.publicKey(of: key) }
        try await expectFailure(.notFound, "deleteKey") { try await crypto.deleteKey(key) }
        try await expectFailure(.notFound, "authenticationCode") {
            try await crypto.authenticationCode(of: [], key: key)
        }
        try await expectFailure(.notFound, "deriveKey") {
            try await crypto.deriveKey(from: key, salt: [], info: [], as: .aes256GCM)
        }
        try await expectFailure(.notFound, "seal") { try await crypto.seal([], authenticating: [], key: key) }
        try await expectFailure(.notFound, "open") { try await crypto.open(box, authenticating: [], key: key) }
        try await expectFailure(.notFound, "sign") { try await crypto.sign([], key: key) }
        try await expectFailure(.notFound, "agreeKey") {
            try await crypto.agreeKey(key, with: [UInt8](repeating: 9, count: 32))
        }
        try await expectFailure(.notFound, "wrapKey") {
            try await crypto.wrapKey(key, under: held, authenticating: [])
        }
        try await expectFailure(.notFound, "unwrapKey") {
            try await crypto.unwrapKey(box, as: .aes256GCM, under: key, authenticating: [])
        }
    }

    /// Expects that a key refuses what other algorithms are for.
    private static func expectOnly(_ algorithm: KeyAlgorithm, _ key: KeyID, on crypto: any CryptoEffects) async throws {
        let seals = algorithm == .aes256GCM || algorithm == .chaCha20Poly1305
        let signs = algorithm == .ed25519 || algorithm == .p256
        if !seals {
            try await expectFailure(.invalidArgument, "\(algorithm) seals") {
                try await crypto.seal([], authenticating: [], key: key)
            }
        }
        if !signs {
            try await expectFailure(.invalidArgument, "\(algorithm) signs") { try await crypto.sign([], key: key) }
        }
        if algorithm != .hmacSHA256 {
            try await expectFailure(.invalidArgument, "\(algorithm) authenticates") {
                try await crypto.authenticationCode(of: [], key: key)
            }
            try await expectFailure(.invalidArgument, "\(algorithm) is derived from") {
                try await crypto.deriveKey(from: key, salt: [], info: [], as: .hmacSHA256)
            }
        }
        if algorithm != .x25519 {
            try await expectFailure(.invalidArgument, "\(algorithm) agrees") {
                try await crypto.agreeKey(key, with: [UInt8](repeating: 9, count: 32))
            }
        }
        if seals || algorithm == .hmacSHA256 {
            try await expectFailure(.invalidArgument, "\(algorithm) has a public half") {
                try await crypto.publicKey(of: key)
            }
        }
    }
}
