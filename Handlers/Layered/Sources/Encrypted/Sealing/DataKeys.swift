internal import AuraEffects
internal import AuraRuntime
internal import Synchronization

/// One version of a data key, as values are sealed under it.
struct DataKey: Sendable {
    var version: UInt32
    var id: KeyID
    /// Tells this key from another one of the same name and version, and nothing else of it.
    var check: [UInt8]
}

/// The versions of the data key that a handler's records are sealed under.
///
/// It never creates one: a key that is made anew under an old name would make every record unreadable and hide why.
final class DataKeys: Sendable {
    static let checkByteCount = 8
    private static let checkMessage = Array("aura encrypted key check/1".utf8)

    let name: KeyName
    let errors: HandlerErrors
    let crypto: any CryptoEffects
    private let keys: any KeyEffects
    private let known = Mutex<[KeyID: DataKey]>([:])
    private let versions = Mutex<[UInt32: DataKey]>([:])

    init(_ name: KeyName, _ context: HandlerContext, errors: HandlerErrors) {
        self.name = name
        self.errors = errors
        crypto = context.crypto
        keys = context.keys
    }

    /// The version that is sealed under from now on.
    ///
    /// - Parameter operation: The operation's name, for errors.
    /// - Returns: The version.
    /// - Throws: ``EffectError`` with `unauthenticated` where there is no key of the name, `invalidArgument` for a key
    ///   that is not one to derive from, and what the key store throws.
    func current(in operation: String) async throws(EffectError) -> DataKey {
        do throws(EffectError) {
            return try await dataKey(keys.key(name, version: nil), in: operation)
        } catch  where error.code == .notFound {
            throw errors.error(
                .unauthenticated,
                in: operation,
                "The key store holds no key '\(name)': 'aura keys create LOCATION \(name)' makes one for data that are "
                    + "new. Data "
                    + "that exist are read only with the key store that they were written with.",
                cause: error
            )
        }
    }

    /// A version by its number.
    ///
    /// - Parameters:
    ///   - number: The number, from a record's header.
    ///   - operation: The operation's name, for errors.
    /// - Returns: The version.
    /// - Throws: ``EffectError`` with `unauthenticated` where the key store does not hold it.
    func version(_ number: UInt32, in operation: String) async throws(EffectError) -> DataKey {
        if let key = versions.withLock({ $0[number] }) { return key }
        do throws(EffectError) {
            let key = try await dataKey(keys.key(name, version: Int(number)), in: operation)
            versions.withLock { $0[number] = key }
            return key
        } catch  where error.code == .notFound {
            throw errors.error(
                .unauthenticated,
                in: operation,
                "The key store holds no version \(number) of the key '\(name)', which this was written with: use the key "
                    + "store that it was written with.",
                cause: error
            )
        }
    }

    private func dataKey(_ key: KeyVersion, in operation: String) async throws(EffectError) -> DataKey {
        if let known = known.withLock({ $0[key.id] }) { return known }
        guard key.algorithm == .hmacSHA256, let version = UInt32(exactly: key.version) else {
            throw errors.error(
                .invalidArgument,
                in: operation,
                "The key '\(name)' is of \(key.algorithm): encryption derives its keys from one of "
                    + "\(KeyAlgorithm.hmacSHA256)."
            )
        }
        let code = try await crypto.authenticationCode(of: Self.checkMessage, key: key.id)
        let made = DataKey(version: version, id: key.id, check: Array(code.prefix(Self.checkByteCount)))
        known.withLock { $0[key.id] = made }
        return made
    }
}
