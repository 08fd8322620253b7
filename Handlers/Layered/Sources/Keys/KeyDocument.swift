internal import AuraEffects

/// What a store of keys keeps: nothing in it is secret but the master key, and that is encrypted.
///
/// Lines of text, so that an operator can read which keys there are:
///
/// ```
/// aura-keys/1
/// derivation argon2id memory=67108864 passes=3 lanes=1 salt=9f0c…
/// master 5d1e… 77a0…
/// key notes 1 hmacSHA256 1795312345000000000 a16b…
/// authentication 3c55…
/// ```
///
/// `derivation` says how the password, or the secret in its place (`secret salt=…`, or `wrapped salt=… secret=…` where a service's
/// key has wrapped it), becomes the key that encrypts the master key; `master` is that box's nonce and ciphertext. Each `key` line has name, version, algorithm, when it was created in
/// nanoseconds since 1970, and the salt that the version is derived from the master key with. `authentication` is the
/// HMAC of all lines before it under a key that is derived from the master key.
struct KeyDocument: Sendable, Equatable {
    static let mark = "aura-keys/1"
    static let saltSize = 16

    /// How what opens the store becomes a key.
    enum Derivation: Sendable, Equatable {
        case password(PasswordDerivation)
        case secret(salt: [UInt8])
        /// A secret that a service's key has wrapped.
        case wrapped(salt: [UInt8], secret: [UInt8])
    }

    /// One version of a named key.
    struct Version: Sendable, Hashable {
        var name: KeyName
        var number: Int
        var algorithm: KeyAlgorithm
        var created: Int64
        var salt: [UInt8]
    }

    var derivation: Derivation
    var master: SealedBox
    /// By name, then by number, which counts from 1.
    var versions: [Version]

    /// The versions of a key, the oldest first.
    func versions(of name: KeyName) -> ArraySlice<Version> {
        let start = versions.firstIndex { $0.name == name } ?? versions.endIndex
        return versions[start...].prefix { $0.name == name }
    }

    /// Adds a version behind those of its name.
    mutating func append(_ version: Version) {
        let index = versions.firstIndex { $0.name > version.name } ?? versions.endIndex
        versions.insert(version, at: index)
    }

    /// The first version of another document of the same store that is not in this one; `nil` where none is missing.
    func firstMissing(of other: KeyDocument) -> Version? {
        let own = Set(versions)
        return other.versions.first { !own.contains($0) }
    }

    /// Whether master key and derivation are those of another document.
    func isSameStore(as other: KeyDocument) -> Bool {
        master == other.master && derivation == other.derivation
    }

    /// What the encryption of the master key binds: the lines before it.
    var head: String { "\(Self.mark)\n\(derivation.line)\n" }

    /// Everything that the authentication covers.
    var body: String {
        let master = "master \(Hexadecimal.string(master.nonce)) \(Hexadecimal.string(master.ciphertext))\n"
        let keys = versions.map { version in
            "key \(version.name) \(version.number) \(version.algorithm) \(version.created) "
                + "\(Hexadecimal.string(version.salt))\n"
        }
        return head + master + keys.joined()
    }

    /// The document with its authentication.
    func text(authenticatedBy code: [UInt8]) -> String {
        "\(body)authentication \(Hexadecimal.string(code))\n"
    }
}

extension KeyDocument.Derivation {
    /// More than any service makes of 32 bytes.
    private static let mostWrappedBytes = 6144

    /// Why no store is made or opened by this; `nil` where one is.
    var refusal: String? {
        switch self {
        case .password(let parameters): return parameters.refusal
        case .secret(let salt):
            return PasswordDerivation.saltSizes.contains(salt.count) ? nil : "The salt has \(salt.count) bytes."
        case .wrapped(let salt, let secret):
            guard PasswordDerivation.saltSizes.contains(salt.count) else { return "The salt has \(salt.count) bytes." }
            let isSecret = (1...Self.mostWrappedBytes).contains(secret.count)
            return isSecret ? nil : "The wrapped secret has \(secret.count) bytes."
        }
    }

    var line: String {
        switch self {
        case .secret(let salt): "derivation secret salt=\(Hexadecimal.string(salt))"
        case .wrapped(let salt, let secret):
            "derivation wrapped salt=\(Hexadecimal.string(salt)) secret=\(Hexadecimal.string(secret))"
        case .password(let parameters):
            switch parameters.function {
            case .argon2id(let memory, let passes, let lanes):
                "derivation argon2id memory=\(memory.bytes) passes=\(passes) lanes=\(lanes) "
                    + "salt=\(Hexadecimal.string(parameters.salt))"
            case .pbkdf2(let iterations):
                "derivation pbkdf2 iterations=\(iterations) salt=\(Hexadecimal.string(parameters.salt))"
            }
        }
    }
}
