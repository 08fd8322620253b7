internal import AuraEffects

extension Law where Handler == any CryptoEffects {
    static var signing: [CryptoLaw] {
        [
            CryptoLaw("a signature is valid for its message and its key, and for nothing else") { harness in
                let crypto = try await harness.make()
                for algorithm in CryptoFixtures.signatures {
                    let key = try await crypto.generateKey(algorithm)
                    let publicKey = try await crypto.publicKey(of: key)
                    let other = try await crypto.publicKey(of: crypto.generateKey(algorithm))
                    for message in [[], [1], [UInt8](repeating: 3, count: 10_000)] as [[UInt8]] {
                        let signature = try await crypto.sign(message, key: key)
                        func isValid(_ signature: [UInt8], _ message: [UInt8], _ key: [UInt8]) async throws -> Bool {
                            try await crypto.isValidSignature(
                                signature,
                                of: message,
                                publicKey: key,
                                algorithm: algorithm
                            )
                        }
                        let own = try await isValid(signature, message, publicKey)
                        let othersKey = try await isValid(signature, message, other)
                        let otherMessage = try await isValid(signature, message + [0], publicKey)
                        let nothing = try await isValid([], message, publicKey)
                        let shortened = try await isValid(Array(signature.dropLast()), message, publicKey)
                        var flipped = signature
                        flipped[flipped.count / 2] ^= 1
                        let altered = try await isValid(flipped, message, publicKey)
                        try expectEqual(
                            [own, othersKey, otherMessage, nothing, shortened, altered],
                            [true, false, false, false, false, false],
                            "whether signatures of \(algorithm) are valid"
                        )
                    }
                }
            },
            CryptoLaw("a public key has its standard size, and no other is one") { harness in
                let crypto = try await harness.make()
                for (algorithm, size) in [(KeyAlgorithm.ed25519, 32), (.x25519, 32), (.p256, 65)] {
                    let key = try await crypto.publicKey(of: crypto.generateKey(algorithm))
                    try expectEqual(key.count, size, "the size of a public key of \(algorithm)")
                }
                for algorithm in CryptoFixtures.signatures {
                    try await expectFailure(.invalidArgument, "no public key of \(algorithm)") {
                        try await crypto.isValidSignature(
                            [UInt8](repeating: 0, count: 64),
                            of: [],
                            publicKey: [1, 2, 3],
                            algorithm: algorithm
                        )
                    }
                }
            },
            CryptoLaw("Ed25519 is that of RFC 8032") { harness in
                let crypto = try await harness.make()
                let secret = "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"
                let key = try await crypto.importKey(Secret(CryptoFixtures.bytes(secret)), as: .ed25519)
                let publicKey = try await crypto.publicKey(of: key)
                let expectedKey = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
                try expectEqual(publicKey, CryptoFixtures.bytes(expectedKey), "the public key")
                let signature = try await crypto.sign([0x72], key: key)
                let expected =
                    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                    + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
                try expectEqual(signature, CryptoFixtures.bytes(expected), "the signature")
            },
            CryptoLaw("two agree on the same key, which is that of RFC 7748, and on none with a point of low order") {
                harness in
                let crypto = try await harness.make()
                let secrets = [
                    "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a",
                    "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb",
                ]
                var keys: [KeyID] = []
                for secret in secrets {
                    keys.append(try await crypto.importKey(Secret(CryptoFixtures.bytes(secret)), as: .x25519))
                }
                let shared = "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742"
                let expected = try await crypto.importKey(Secret(CryptoFixtures.bytes(shared)), as: .hmacSHA256)
                let print = try await CryptoFixtures.fingerprint(of: expected, on: crypto)
                for (own, peer) in [(keys[0], keys[1]), (keys[1], keys[0])] {
                    let agreed = try await crypto.agreeKey(own, with: crypto.publicKey(of: peer))
                    let agreedPrint = try await CryptoFixtures.fingerprint(of: agreed, on: crypto)
                    try expectEqual(agreedPrint, print, "the key agreed on")
                }
                try await expectFailure(.invalidArgument, "a point of low order") {
                    try await crypto.agreeKey(keys[0], with: [UInt8](repeating: 0, count: 32))
                }
            },
        ]
    }
}
