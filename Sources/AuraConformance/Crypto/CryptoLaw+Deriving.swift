internal import AuraEffects

extension Law where Handler == any CryptoEffects {
    static var deriving: [CryptoLaw] {
        [
            CryptoLaw("digests are those of FIPS 180-4") { harness in
                let crypto = try await harness.make()
                let expected: [(HashFunction, String)] = [
                    (.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
                    (
                        .sha384,
                        "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
                            + "8086072ba1e7cc2358baeca134c825a7"
                    ),
                    (
                        .sha512,
                        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                            + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"
                    ),
                ]
                for (function, digits) in expected {
                    let digest = try await crypto.digest(of: Array("abc".utf8), by: function)
                    try expectEqual(digest, CryptoFixtures.bytes(digits), "the \(function) of 'abc'")
                }
            },
            CryptoLaw("authentication codes are those of RFC 4231, and no other is valid") { harness in
                let crypto = try await harness.make()
                let key = try await crypto.importKey(Secret(Array("Jefe".utf8)), as: .hmacSHA256)
                let message = Array("what do ya want for nothing?".utf8)
                let expected = CryptoFixtures.bytes("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
                let code = try await crypto.authenticationCode(of: message, key: key)
                try expectEqual(code, expected, "the code")
                let isValid = try await crypto.isValidAuthenticationCode(code, of: message, key: key)
                try expect(isValid, "the code is not valid")
                var others = [[], Array(code.dropLast()), code + [0]]
                for index in code.indices {
                    var other = code
                    other[index] ^= 1
                    others.append(other)
                }
                for other in others {
                    let isValid = try await crypto.isValidAuthenticationCode(other, of: message, key: key)
                    try expect(!isValid, "another code is valid")
                }
            },
            CryptoLaw("derived keys are those of RFC 5869") { harness in
                let crypto = try await harness.make()
                let input = try await crypto.importKey(Secret([UInt8](repeating: 0x0b, count: 22)), as: .hmacSHA256)
                let derived = try await crypto.deriveKey(
                    from: input,
                    salt: CryptoFixtures.bytes("000102030405060708090a0b0c"),
                    info: CryptoFixtures.bytes("f0f1f2f3f4f5f6f7f8f9"),
                    as: .hmacSHA256
                )
                // The first 32 bytes of the first test case.
                let output = "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"
                let expected = try await crypto.importKey(Secret(CryptoFixtures.bytes(output)), as: .hmacSHA256)
                let fingerprint = try await CryptoFixtures.fingerprint(of: derived, on: crypto)
                let expectedFingerprint = try await CryptoFixtures.fingerprint(of: expected, on: crypto)
                try expectEqual(fingerprint, expectedFingerprint, "the derived key")
            },
            CryptoLaw("a key derives the same key for the same salt, info and algorithm, and others otherwise") {
                harness in
                let crypto = try await harness.make()
                let input = try await crypto.generateKey(.hmacSHA256)
                let inputs: [([UInt8], [UInt8])] = [([1], [2]), ([1], [3]), ([2], [2]), ([], []), ([1, 2], [])]
                var seen: Set<[UInt8]> = []
                for (salt, info) in inputs {
                    let first = try await crypto.deriveKey(from: input, salt: salt, info: info, as: .hmacSHA256)
                    let again = try await crypto.deriveKey(from: input, salt: salt, info: info, as: .hmacSHA256)
                    let print = try await CryptoFixtures.fingerprint(of: first, on: crypto)
                    let printAgain = try await CryptoFixtures.fingerprint(of: again, on: crypto)
                    try expectEqual(printAgain, print, "the same key again")
                    seen.insert(print)
                }
                try expectEqual(seen.count, inputs.count, "different keys")
                for algorithm in CryptoFixtures.signatures {
                    let first = try await crypto.deriveKey(from: input, salt: [], info: [], as: algorithm)
                    let again = try await crypto.deriveKey(from: input, salt: [], info: [], as: algorithm)
                    let publicKey = try await crypto.publicKey(of: first)
                    let publicKeyAgain = try await crypto.publicKey(of: again)
                    try expectEqual(publicKeyAgain, publicKey, "the same pair of \(algorithm) again")
                }
            },
            CryptoLaw("a password derives the same key for the same salt, and others otherwise") { harness in
                let harness = try require(harness as? any CryptoHarness, "a CryptoHarness")
                let crypto = try await harness.make()
                let parameters = harness.cheapDerivation
                var salted = parameters
                salted.salt[0] ^= 1
                var seen: [[UInt8]] = []
                for (password, parameters) in [("a", parameters), ("a", parameters), ("b", parameters), ("a", salted)] {
                    let key = try await crypto.deriveKey(
                        fromPassword: Secret(Array(password.utf8)),
                        parameters: parameters,
                        as: .hmacSHA256
                    )
                    seen.append(try await CryptoFixtures.fingerprint(of: key, on: crypto))
                }
                try expectEqual(seen[1], seen[0], "the same key again")
                try expectEqual(Set(seen).count, 3, "different keys")
                var unsalted = parameters
                unsalted.salt = []
                try await expectFailure(.invalidArgument, "a derivation without salt") {
                    try await crypto.deriveKey(fromPassword: Secret([1]), parameters: unsalted, as: .hmacSHA256)
                }
            },
        ]
    }
}
