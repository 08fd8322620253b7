internal import AuraEffects

extension Law where Handler == any CryptoEffects {
    static var sealing: [CryptoLaw] {
        [
            CryptoLaw("what was sealed opens, of every size") { harness in
                let crypto = try await harness.make()
                for cipher in CryptoFixtures.ciphers {
                    let key = try await crypto.generateKey(cipher)
                    for size in [0, 1, 15, 16, 17, 4096, 100_000] {
                        let message = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
                        let box = try await crypto.seal(message, authenticating: [1, 2], key: key)
                        try expectEqual(box.ciphertext.count, size + 16, "the ciphertext with its tag")
                        let opened = try await crypto.open(box, authenticating: [1, 2], key: key)
                        try expect(opened == message, "\(size) bytes sealed by \(cipher) came back as others")
                    }
                }
            },
            CryptoLaw("one flipped bit anywhere, or one byte less or more, and nothing opens") { harness in
                let crypto = try await harness.make()
                for cipher in CryptoFixtures.ciphers {
                    let key = try await crypto.generateKey(cipher)
                    let box = try await crypto.seal(Array("attack at dawn".utf8), authenticating: [1], key: key)
                    for altered in alterations(of: box) {
                        try await expectFailure(.corrupted, "an altered box of \(cipher)") {
                            try await crypto.open(altered, authenticating: [1], key: key)
                        }
                    }
                    for data in [[], [2], [1, 0]] as [[UInt8]] {
                        try await expectFailure(.corrupted, "another associated data of \(cipher)") {
                            try await crypto.open(box, authenticating: data, key: key)
                        }
                    }
                }
            },
            CryptoLaw("another key opens nothing") { harness in
                let crypto = try await harness.make()
                for cipher in CryptoFixtures.ciphers {
                    let key = try await crypto.generateKey(cipher)
                    let box = try await crypto.seal([1], authenticating: [], key: key)
                    for other in CryptoFixtures.ciphers {
                        let another = try await crypto.generateKey(other)
                        try await expectFailure(.corrupted, "a box of \(cipher) under another key of \(other)") {
                            try await crypto.open(box, authenticating: [], key: another)
                        }
                    }
                }
            },
            CryptoLaw("no nonce repeats under a key, for several tasks and several holders of the key") { harness in
                let secret = [UInt8](repeating: 42, count: 32)
                for cipher in CryptoFixtures.ciphers {
                    let nonces = try await concurrently(4) { _ in
                        let crypto = try await harness.make()
                        let key = try await crypto.importKey(Secret(secret), as: cipher)
                        var nonces: [[UInt8]] = []
                        for _ in 0..<500 {
                            nonces.append(try await crypto.seal([0], authenticating: [], key: key).nonce)
                        }
                        return nonces
                    }
                    let all = nonces.flatMap(\.self)
                    try expectEqual(Set(all).count, all.count, "different nonces of \(cipher)")
                }
            },
            CryptoLaw("a holder of the same key opens what another one sealed") { harness in
                let secret = [UInt8](repeating: 42, count: 32)
                for cipher in CryptoFixtures.ciphers {
                    let (first, second) = (try await harness.make(), try await harness.make())
                    let box = try await first.seal(
                        [1, 2, 3],
                        authenticating: [4],
                        key: first.importKey(Secret(secret), as: cipher)
                    )
                    let key = try await second.importKey(Secret(secret), as: cipher)
                    let opened = try await second.open(box, authenticating: [4], key: key)
                    try expectEqual(opened, [1, 2, 3], "what the first holder sealed")
                }
            },
        ]
    }

    private static func alterations(of box: SealedBox) -> [SealedBox] {
        var altered: [SealedBox] = []
        for index in box.nonce.indices {
            var other = box
            other.nonce[index] ^= 1
            altered.append(other)
        }
        for index in box.ciphertext.indices {
            var other = box
            other.ciphertext[index] ^= 0x80
            altered.append(other)
        }
        altered += (0..<box.ciphertext.count)
            .map {
                SealedBox(nonce: box.nonce, ciphertext: Array(box.ciphertext.prefix($0)))
            }
        altered.append(SealedBox(nonce: box.nonce, ciphertext: box.ciphertext + [0]))
        altered.append(SealedBox(nonce: [], ciphertext: box.ciphertext))
        altered.append(SealedBox(nonce: box.nonce + [0], ciphertext: box.ciphertext))
        return altered
    }

    static var wrapping: [CryptoLaw] {
        [
            CryptoLaw("a wrapped key does the same once it is unwrapped, also elsewhere") { harness in
                let (first, second) = (try await harness.make(), try await harness.make())
                let secret = [UInt8](repeating: 5, count: 32)
                let (outer, outerElsewhere) = (
                    try await first.importKey(Secret(secret), as: .aes256GCM),
                    try await second.importKey(Secret(secret), as: .aes256GCM)
                )
                let key = try await first.generateKey(.hmacSHA256)
                let pair = try await first.generateKey(.ed25519)
                let wrappedKey = try await first.wrapKey(key, under: outer, authenticating: [1])
                let wrappedPair = try await first.wrapKey(pair, under: outer, authenticating: [2])
                let sameKey = try await second.unwrapKey(
                    wrappedKey,
                    as: .hmacSHA256,
                    under: outerElsewhere,
                    authenticating: [1]
                )
                let samePair = try await second.unwrapKey(
                    wrappedPair,
                    as: .ed25519,
                    under: outerElsewhere,
                    authenticating: [2]
                )
                let fingerprint = try await CryptoFixtures.fingerprint(of: key, on: first)
                let sameFingerprint = try await CryptoFixtures.fingerprint(of: sameKey, on: second)
                try expectEqual(sameFingerprint, fingerprint, "the fingerprint")
                let publicKey = try await first.publicKey(of: pair)
                let samePublicKey = try await second.publicKey(of: samePair)
                try expectEqual(samePublicKey, publicKey, "the public key")
            },
            CryptoLaw("a wrapped key is no message, no key of another algorithm, and bound to its associated data") {
                harness in
                let crypto = try await harness.make()
                let outer = try await crypto.generateKey(.chaCha20Poly1305)
                let key = try await crypto.generateKey(.hmacSHA256)
                let wrapped = try await crypto.wrapKey(key, under: outer, authenticating: [1])
                try await expectFailure(.corrupted, "a wrapped key opened") {
                    try await crypto.open(wrapped, authenticating: [1], key: outer)
                }
                try await expectFailure(.corrupted, "a wrapped key as another algorithm") {
                    try await crypto.unwrapKey(wrapped, as: .ed25519, under: outer, authenticating: [1])
                }
                try await expectFailure(.corrupted, "a wrapped key with other associated data") {
                    try await crypto.unwrapKey(wrapped, as: .hmacSHA256, under: outer, authenticating: [2])
                }
                let message = try await crypto.seal([UInt8](repeating: 1, count: 32), authenticating: [1], key: outer)
                try await expectFailure(.corrupted, "a message unwrapped") {
                    try await crypto.unwrapKey(message, as: .hmacSHA256, under: outer, authenticating: [1])
                }
            },
        ]
    }
}
