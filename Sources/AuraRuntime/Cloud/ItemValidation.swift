public import AuraEffects

/// The checks that every handler of key-values makes before it acts, with the same codes and the same words.
public struct ItemValidation: Sendable {
    /// Makes the handler's errors.
    public let errors: HandlerErrors

    private let capabilities: Capabilities

    /// Creates the checks of a handler.
    ///
    /// - Parameters:
    ///   - handler: The handler's technology.
    ///   - capabilities: What the handler declares.
    public init(handler: String, capabilities: Capabilities) {
        errors = HandlerErrors(KeyValuesEffect.self, handler: handler)
        self.capabilities = capabilities
    }

    /// Checks a key.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - operation: The operation's name.
    /// - Throws: ``EffectError`` with `invalidArgument` where a part of it is empty or too long.
    public func check(_ key: ItemKey, in operation: String) throws(EffectError) {
        try check(key.partition, "partition", .partitionKeyBytes, in: operation)
        try check(key.sort, "sort", .sortKeyBytes, in: operation)
    }

    /// Checks an item.
    ///
    /// - Parameters:
    ///   - item: The item.
    ///   - operation: The operation's name.
    /// - Throws: ``EffectError`` with `invalidArgument` for a name that is empty, a number that is not finite, and an item that is
    ///   too large or too deep.
    public func check(_ item: Item, in operation: String) throws(EffectError) {
        let bytes = item.byteCount
        guard bytes <= capabilities.limit(.itemBytes) else {
            let message = "The item has \(bytes) bytes: the most is \(capabilities.limit(.itemBytes)). Split it."
            throw refusal(operation, message)
        }
        let values = ItemValue.map(item.attributes)
        guard values.depth - 1 <= capabilities.limit(.valueDepth) else {
            let message =
                "The item's lists and maps are \(values.depth - 1) deep: the most is \(capabilities.limit(.valueDepth))."
            throw refusal(operation, message)
        }
        try check(values, in: operation)
    }

    /// Checks a query and the size of its page.
    ///
    /// - Parameters:
    ///   - query: The query.
    ///   - limit: What the caller asked for.
    ///   - consistency: How it is to be read.
    /// - Returns: The smaller of `limit` and the handler's own limit.
    /// - Throws: ``EffectError`` with `invalidArgument` for a partition that is none and a limit below 1, and `unsupported` for a
    ///   strong read without the capability.
    public func pageSize(
        of query: ItemQuery,
        limit: Int,
        _ consistency: ReadConsistency
    ) throws(EffectError) -> Int {
        try check(query.partition, "partition", .partitionKeyBytes, in: "query")
        try check(consistency, in: "query")
        guard limit >= 1 else { throw refusal("query", "The limit is \(limit): ask for at least 1.") }
        return min(limit, capabilities.limit(.pageElements))
    }

    /// Refuses a strong read where the handler does not declare it.
    ///
    /// - Parameters:
    ///   - consistency: How it is to be read.
    ///   - operation: The operation's name.
    /// - Throws: ``EffectError`` with `unsupported`.
    public func check(_ consistency: ReadConsistency, in operation: String) throws(EffectError) {
        if consistency == .strong { try errors.require(.strongReads, of: capabilities, in: operation) }
    }

    /// Checks the changes of a transaction.
    ///
    /// - Parameter mutations: The changes.
    /// - Throws: ``EffectError`` with `unsupported` without the capability, and `invalidArgument` for several partitions, a key that
    ///   occurs twice, too many changes or bytes, and keys and items out of the limits.
    public func check(_ mutations: [ItemMutation]) throws(EffectError) {
        let operation = "transact"
        try errors.require(.transactions, of: capabilities, in: operation)
        let most = capabilities.limit(.transactionMutations)
        guard mutations.count <= most else {
            throw refusal(operation, "The transaction has \(mutations.count) mutations: the most is \(most).")
        }
        var keys: Set<ItemKey> = []
        var bytes = 0
        for mutation in mutations {
            try check(mutation.key, in: operation)
            if case .put(let item) = mutation.change {
                try check(item, in: operation)
                bytes += item.byteCount
            }
            guard keys.insert(mutation.key).inserted else {
                let name = HandlerErrors.quote(mutation.key.description)
                throw refusal(operation, "The key \(name) occurs twice: give each key at most once.")
            }
            // By the keys' equality, which is that of their bytes.
            guard ItemKey(mutations[0].key.partition, mutation.key.sort) == mutation.key else {
                throw refusal(operation, "The transaction touches several partitions: give each its own transaction.")
            }
        }
        guard bytes <= capabilities.limit(.transactionBytes) else {
            let most = capabilities.limit(.transactionBytes)
            throw refusal(operation, "The items of the transaction have \(bytes) bytes: the most is \(most).")
        }
    }

    private func check(
        _ part: String,
        _ name: String,
        _ limit: Limit,
        in operation: String
    ) throws(EffectError) {
        let count = part.utf8.count
        guard count == 0 || count > capabilities.limit(limit) else { return }
        let message =
            count == 0
            ? "The \(name) key is empty: give one of at least one byte."
            : "The \(name) key has \(count) bytes: the most is \(capabilities.limit(limit))."
        throw refusal(operation, message)
    }

    private func check(_ value: ItemValue, in operation: String) throws(EffectError) {
        switch value {
        case .null, .boolean, .integer, .text, .bytes: return
        case .double(let number):
            guard !number.isFinite else { return }
            throw refusal(operation, "A number of the item is not finite: store it as text, or leave it out.")
        case .list(let values):
            for value in values { try check(value, in: operation) }
        case .map(let values):
            for (name, value) in values {
                guard !name.isEmpty else { throw refusal(operation, "A name in the item is empty: give it one.") }
                try check(value, in: operation)
            }
        }
    }

    private func refusal(_ operation: String, _ message: String) -> EffectError {
        errors.error(.invalidArgument, in: operation, message)
    }
}
