public import AuraEffects

/// The checks that every storage handler makes before it acts, with the same codes and the same words.
public struct StorageValidation: Sendable {
    /// Makes the handler's errors.
    public let errors: HandlerErrors

    private let keyBytes: Int
    private let valueBytes: Int
    private let transactionMutations: Int
    private let transactionBytes: Int
    private let pageElements: Int

    /// Creates the checks of a handler.
    ///
    /// - Parameters:
    ///   - handler: The handler's technology.
    ///   - capabilities: What the handler declares.
    public init(handler: String, capabilities: Capabilities) {
        errors = HandlerErrors(StorageEffect.self, handler: handler)
        keyBytes = capabilities.limit(.keyBytes)
        valueBytes = capabilities.limit(.valueBytes)
        transactionMutations = capabilities.limit(.transactionMutations)
        transactionBytes = capabilities.limit(.transactionBytes)
        pageElements = capabilities.limit(.pageElements)
    }

    /// Checks a key.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - operation: The operation's name.
    /// - Throws: ``EffectError`` with `invalidArgument` for an empty or a too long key.
    public func check(_ key: StorageKey, in operation: String) throws(EffectError) {
        let count = key.text.utf8.count
        guard count == 0 || count > keyBytes else { return }
        let message =
            count == 0
            ? "The key is empty: give one of at least one byte."
            : "The key has \(count) bytes: the most is \(keyBytes)."
        throw errors.error(.invalidArgument, in: operation, message)
    }

    /// Checks a value's size.
    ///
    /// - Parameters:
    ///   - bytes: The value.
    ///   - key: The value's key.
    ///   - operation: The operation's name.
    /// - Throws: ``EffectError`` with `invalidArgument` for a too large value.
    public func check(_ bytes: [UInt8], for key: StorageKey, in operation: String) throws(EffectError) {
        guard bytes.count > valueBytes else { return }
        throw errors.error(
            .invalidArgument,
            in: operation,
            "The value of \(HandlerErrors.quote(key.text)) has \(bytes.count) bytes: the most is \(valueBytes). Split it."
        )
    }

    /// Checks the changes of a transaction.
    ///
    /// - Parameter mutations: The changes.
    /// - Throws: ``EffectError`` with `invalidArgument` for too many changes or bytes, a key that occurs twice, or a key or value
    ///   that is out of the limits.
    public func check(_ mutations: [StorageMutation]) throws(EffectError) {
        guard mutations.count <= transactionMutations else {
            let message = "The transaction has \(mutations.count) mutations: the most is \(transactionMutations)."
            throw errors.error(.invalidArgument, in: "transact", message)
        }
        var keys: Set<StorageKey> = []
        keys.reserveCapacity(mutations.count)
        var byteCount = 0
        for mutation in mutations {
            try check(mutation.key, in: "transact")
            if case .write(let bytes) = mutation.change {
                try check(bytes, for: mutation.key, in: "transact")
                byteCount += bytes.count
            }
            guard keys.insert(mutation.key).inserted else {
                let message =
                    "The key \(HandlerErrors.quote(mutation.key.text)) occurs twice: give each key at most once."
                throw errors.error(.invalidArgument, in: "transact", message)
            }
        }
        guard byteCount <= transactionBytes else {
            let message = "The values of the transaction have \(byteCount) bytes: the most is \(transactionBytes)."
            throw errors.error(.invalidArgument, in: "transact", message)
        }
    }

    /// The number of items that a listing's page may hold.
    ///
    /// - Parameter limit: What the caller asked for.
    /// - Returns: The smaller of `limit` and the handler's own limit.
    /// - Throws: ``EffectError`` with `invalidArgument` for a limit below 1.
    public func pageSize(for limit: Int) throws(EffectError) -> Int {
        guard limit >= 1 else {
            throw errors.error(.invalidArgument, in: "list", "The limit is \(limit): ask for at least 1.")
        }
        return min(limit, pageElements)
    }

    /// Checks a condition against what is stored.
    ///
    /// - Parameters:
    ///   - precondition: The condition.
    ///   - key: The key that it is about.
    ///   - stored: The version of the stored value; `nil` where there is none.
    ///   - operation: The operation's name.
    /// - Throws: ``EffectError`` with `preconditionFailed`.
    public func check(
        _ precondition: StoragePrecondition,
        on key: StorageKey,
        stored: StorageRevision?,
        in operation: String
    ) throws(EffectError) {
        let found = stored.map { "it has revision \($0)" } ?? "there is none"
        let expected: String
        switch precondition {
        case .none: return
        case .absent:
            if stored == nil { return }
            expected = "no value"
        case .matches(let revision):
            if stored == revision { return }
            expected = "revision \(revision)"
        }
        let message =
            "The caller expects \(expected) under \(HandlerErrors.quote(key.text)) but \(found): read again and decide."
        throw errors.error(.preconditionFailed, in: operation, message)
    }
}
