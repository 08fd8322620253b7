internal import AuraEffects

/// A property that every handler that keeps keys must have.
public typealias KeyLaw = Law<KeyHolding>

extension Law where Handler == KeyHolding {
    /// Every law of kept keys.
    public static var all: [KeyLaw] { naming + versions + lasting }

    /// The laws that apply to what a harness makes.
    public static func applicable(to harness: any ConformanceHarness<KeyHolding>) -> [KeyLaw] {
        all.filter { $0.applies(to: harness) }
    }

    static var naming: [KeyLaw] {
        [
            KeyLaw("the handler declares what its harness says") { harness in
                let holding = try await harness.make()
                try expectEqual(holding.keys.capabilities, harness.capabilities, "the declaration")
            },
            KeyLaw("before the first key there is none, and asking for one makes none") { harness in
                let keys = try await harness.make().keys
                let before = try await keys.keys()
                try expectEqual(before.count, 0, "the keys")
                try await expectFailure(.notFound, "a key") { try await keys.key("notes", version: nil) }
                try await expectFailure(.notFound, "a rotation") { try await keys.rotateKey("notes") }
                try await expectFailure(.notFound, "a device's key") {
                    try await keys.deviceKey("phone", salt: [], as: .hmacSHA256)
                }
                let after = try await keys.keys()
                try expectEqual(after.count, 0, "the keys")
            },
            KeyLaw("a name is taken once, and only a name that can be one") { harness in
                let keys = try await harness.make().keys
                _ = try await keys.createKey("notes", .hmacSHA256)
                try await expectFailure(.conflict, "the name again") { try await keys.createKey("notes", .ed25519) }
                let long = String(repeating: "a", count: KeyName.maximumLength + 1)
                for name in ["", " ", "a b", ".a", "-a", "a/b", "a\n", "ä", long] {
                    try await expectFailure(.invalidArgument, "the name '\(name)'") {
                        try await keys.createKey(KeyName(rawValue: name), .hmacSHA256)
                    }
                }
                let all = try await keys.keys()
                try expectEqual(all.map(\.name), ["notes"], "the names")
            },
        ]
    }

    static var versions: [KeyLaw] {
        [
            KeyLaw("versions count from 1, the newest is current, and older ones stay what they were") { harness in
                let holding = try await harness.make()
                let keys = holding.keys
                let first = try await keys.createKey("notes", .hmacSHA256)
                let print = try await CryptoFixtures.fingerprint(of: first.id, on: holding.crypto)
                let second = try await keys.rotateKey("notes")
                let third = try await keys.rotateKey("notes")
                try expectEqual([first, second, third].map(\.version), [1, 2, 3], "the versions")
                let current = try await keys.key("notes", version: nil)
                try expectEqual(current.version, 3, "the current version")
                var prints: Set<[UInt8]> = []
                for version in 1...3 {
                    let key = try await keys.key("notes", version: version)
                    prints.insert(try await CryptoFixtures.fingerprint(of: key.id, on: holding.crypto))
                }
                try expectEqual(prints.count, 3, "different keys")
                let old = try await keys.key("notes", version: 1)
                let oldPrint = try await CryptoFixtures.fingerprint(of: old.id, on: holding.crypto)
                try expectEqual(oldPrint, print, "the first version")
                for version in [0, 4, -1] {
                    try await expectFailure(.notFound, "version \(version)") {
                        try await keys.key("notes", version: version)
                    }
                }
            },
            KeyLaw("keys are listed by name and version, with what they are for") { harness in
                let keys = try await harness.make().keys
                for (name, algorithm) in [("b", KeyAlgorithm.ed25519), ("a", .aes256GCM), ("c", .hmacSHA256)] {
                    _ = try await keys.createKey(KeyName(rawValue: name), algorithm)
                }
                _ = try await keys.rotateKey("b")
                let all = try await keys.keys()
                try expectEqual(all.map { "\($0.name)\($0.version)" }, ["a1", "b1", "b2", "c1"], "the list")
                let algorithms = all.map(\.algorithm)
                try expectEqual(algorithms, [.aes256GCM, .ed25519, .ed25519, .hmacSHA256], "the algorithms")
            },
            KeyLaw("keys of different names differ, and each does what its algorithm is for") { harness in
                let holding = try await harness.make()
                for algorithm in CryptoFixtures.algorithms {
                    let name = KeyName(rawValue: "key-\(algorithm)")
                    let key = try await holding.keys.createKey(name, algorithm)
                    switch algorithm {
                    case .hmacSHA256: _ = try await holding.crypto.authenticationCode(of: [], key: key.id)
                    case .aes256GCM, .chaCha20Poly1305:
                        _ = try await holding.crypto.seal([], authenticating: [], key: key.id)
                    case .ed25519, .p256: _ = try await holding.crypto.sign([], key: key.id)
                    default: _ = try await holding.crypto.publicKey(of: key.id)
                    }
                }
                let first = try await holding.keys.createKey("one", .hmacSHA256)
                let second = try await holding.keys.createKey("two", .hmacSHA256)
                let print = try await CryptoFixtures.fingerprint(of: first.id, on: holding.crypto)
                let otherPrint = try await CryptoFixtures.fingerprint(of: second.id, on: holding.crypto)
                try expect(print != otherPrint, "two names have the same key")
            },
            KeyLaw("an algorithm that nobody knows leaves nothing behind") { harness in
                let keys = try await harness.make().keys
                try await expectFailure(.unsupported, "a key of rot13") {
                    try await keys.createKey("notes", KeyAlgorithm(rawValue: "rot13"))
                }
                let all = try await keys.keys()
                try expectEqual(all.count, 0, "the keys")
            },
            KeyLaw("a device has the same key for the same salt, and another has another") { harness in
                let holding = try await harness.make()
                _ = try await holding.keys.createKey("first", .hmacSHA256)
                var prints: [[UInt8]] = []
                for (device, salt) in [("phone", [1]), ("phone", [1]), ("phone", [2]), ("tablet", [1])]
                    as [(String, [UInt8])]
                {
                    let key = try await holding.keys.deviceKey(device, salt: salt, as: .hmacSHA256)
                    prints.append(try await CryptoFixtures.fingerprint(of: key, on: holding.crypto))
                }
                try expectEqual(prints[1], prints[0], "the same key again")
                try expectEqual(Set(prints).count, 3, "different keys")
            },
        ]
    }

    static var lasting: [KeyLaw] {
        [
            KeyLaw("keys are the same after a reopening", .ability(.reopen)) { harness in
                var holding = try await harness.make()
                let first = try await holding.keys.createKey("notes", .hmacSHA256)
                let second = try await holding.keys.rotateKey("notes")
                let device = try await holding.keys.deviceKey("phone", salt: [], as: .hmacSHA256)
                var before: [[UInt8]] = []
                for id in [first.id, second.id, device] {
                    before.append(try await CryptoFixtures.fingerprint(of: id, on: holding.crypto))
                }
                holding = try await harness.reopened(holding)
                let versions = try await holding.keys.keys()
                let deviceAfter = try await holding.keys.deviceKey("phone", salt: [], as: .hmacSHA256)
                var after: [[UInt8]] = []
                for id in versions.map(\.id) + [deviceAfter] {
                    after.append(try await CryptoFixtures.fingerprint(of: id, on: holding.crypto))
                }
                try expectEqual(after, before, "the keys")
                try expectEqual(versions.map(\.created), [first.created, second.created], "when they were created")
            },
            KeyLaw("a rotation by one process is seen by another at once", .ability(.share)) { harness in
                let one = try await harness.make()
                _ = try await one.keys.createKey("notes", .hmacSHA256)
                let other = try await harness.sharing(one)
                let rotated = try await one.keys.rotateKey("notes")
                let seen = try await other.keys.key("notes", version: nil)
                try expectEqual(seen.version, 2, "the current version")
                let print = try await CryptoFixtures.fingerprint(of: rotated.id, on: one.crypto)
                let seenPrint = try await CryptoFixtures.fingerprint(of: seen.id, on: other.crypto)
                try expectEqual(seenPrint, print, "the key")
            },
            KeyLaw("of several who create or rotate at once none is lost", .ability(.share)) { harness in
                let one = try await harness.make()
                _ = try await one.keys.createKey("notes", .hmacSHA256)
                let other = try await harness.sharing(one)
                let versions = try await concurrently(4) { index in
                    let keys = index.isMultiple(of: 2) ? one.keys : other.keys
                    _ = try await keys.createKey(KeyName(rawValue: "own-\(index)"), .hmacSHA256)
                    var versions: [Int] = []
                    for _ in 0..<5 { versions.append(try await keys.rotateKey("notes").version) }
                    return versions
                }
                try expectEqual(versions.flatMap(\.self).sorted(), Array(2...21), "the versions given out")
                let all = try await one.keys.keys()
                try expectEqual(all.count, 25, "the keys")
            },
        ]
    }
}
