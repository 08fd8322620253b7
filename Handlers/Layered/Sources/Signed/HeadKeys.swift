internal import AuraEffects
internal import AuraRuntime
internal import Synchronization

/// One version of the key that a journal signs its heads with.
struct SigningKey: Sendable {
    var version: UInt32
    var id: KeyID
    var publicKey: [UInt8]
}

/// The key that a journal signs with, and those whose signatures it believes.
///
/// It never creates a key: nobody would know its public half.
final class HeadKeys: Sendable {
    let name: KeyName
    let crypto: any CryptoEffects
    private let keys: any KeyEffects
    private let errors: HandlerErrors
    private let trusted: [OriginID: Set<[UInt8]>]
    private let known = Mutex<[KeyID: SigningKey]>([:])

    init(_ name: KeyName, trusted: [TrustedKey], _ context: HandlerContext, errors: HandlerErrors) {
        self.name = name
        self.errors = errors
        self.trusted = trusted.reduce(into: [:]) { $0[$1.origin, default: []].insert($1.publicKey) }
        crypto = context.crypto
        keys = context.keys
    }

    /// The version that is signed with from now on.
    ///
    /// - Parameter operation: The operation's name, for errors.
    /// - Returns: The version.
    /// - Throws: ``EffectError`` with `unauthenticated` where there is no key of the name, `invalidArgument` for one that does
    ///   not sign, and what the key store throws.
    func current(in operation: String) async throws(EffectError) -> SigningKey {
        do throws(EffectError) {
            return try await signingKey(keys.key(name, version: nil), in: operation)
        } catch  where error.code == .notFound {
            throw errors.error(
                .unauthenticated,
                in: operation,
                "The key store holds no key '\(name)' to sign with: 'aura keys create LOCATION \(name) --algorithm ed25519' makes "
                    + "one, and 'aura keys export-public LOCATION \(name) --hex' prints what others trust it by.",
                cause: error
            )
        }
    }

    /// The public halves of every version of the key.
    func ownPublicKeys(in operation: String) async throws(EffectError) -> Set<[UInt8]> {
        var own: Set<[UInt8]> = []
        for key in try await keys.keys() where key.name == name {
            own.insert(try await signingKey(key, in: operation).publicKey)
        }
        return own
    }

    private func signingKey(_ key: KeyVersion, in operation: String) async throws(EffectError) -> SigningKey {
        if let known = known.withLock({ $0[key.id] }) { return known }
        guard key.algorithm == .ed25519, let version = UInt32(exactly: key.version) else {
            throw errors.error(
                .invalidArgument,
                in: operation,
                "The key '\(name)' is of \(key.algorithm): heads are signed with one of \(KeyAlgorithm.ed25519)."
            )
        }
        let publicKey = try await crypto.publicKey(of: key.id)
        let made = SigningKey(version: version, id: key.id, publicKey: publicKey)
        known.withLock { $0[key.id] = made }
        return made
    }

    /// Whether a profile trusts any key of an origin.
    func trustsAnyKey(of origin: OriginID) -> Bool { trusted[origin] != nil }

    /// Whether a profile trusts a key to sign an origin's heads.
    func trusts(_ publicKey: [UInt8], of origin: OriginID) -> Bool {
        trusted[origin]?.contains(publicKey) ?? false
    }

    /// Whether the key that a signature names has made it.
    func isValid(_ signature: HeadSignature, in id: EntryID) async throws(EffectError) -> Bool {
        try await crypto.isValidSignature(
            signature.signature,
            of: signature.message(in: id),
            publicKey: signature.publicKey,
            algorithm: .ed25519
        )
    }
}
