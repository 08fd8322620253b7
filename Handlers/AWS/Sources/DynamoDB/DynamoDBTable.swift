#if AWS
internal import AuraCloud
public import AuraEffects
internal import AuraRuntime

/// What DynamoDB can do with a table beyond the items of every provider: batches, changes of single attributes, and every item of
/// every partition.
public struct DynamoDBTable: Sendable {
    let handler: DynamoDBKeyValueHandler

    /// What one request of a batch has at most.
    private static let mostGets = 100
    private static let mostChanges = 25

    /// The items under many keys: one request for a hundred keys, and more for what DynamoDB leaves out.
    ///
    /// - Parameters:
    ///   - keys: The keys.
    ///   - consistency: Whether every change that has ended has to be seen.
    /// - Returns: The items by their keys; a key without an item is missing.
    /// - Throws: ``EffectError``, as the handler's reads do; `throttled` where DynamoDB goes on leaving items out.
    public func items(
        _ keys: Set<ItemKey>,
        consistency: ReadConsistency = .strong
    ) async throws(EffectError) -> [ItemKey: StoredItem] {
        let operation = "items"
        try handler.errors.checkCancellation(in: operation)
        for key in keys { try handler.validation.check(key, in: operation) }
        var found: [ItemKey: StoredItem] = [:]
        let now = handler.time.now
        for chunk in Self.chunks(keys.sorted(), of: Self.mostGets) {
            var wanted = chunk
            var pause = BatchPause(handler, operation)
            while !wanted.isEmpty {
                let request: JSONValue = [
                    "Keys": .array(wanted.map { handler.layout.key($0) }),
                    "ConsistentRead": .boolean(consistency == .strong),
                ]
                let answer = try await send(.batchGetItem, request, AWSJSONClient.Parts(isPart: true), operation)
                for node in answer["Responses"]?.elements(handler.layout.table) ?? [] {
                    let item = try handler.item(node, in: operation)
                    if handler.isLive(item, at: now) { found[item.key] = item }
                }
                let left = answer["UnprocessedKeys"]?[handler.layout.table]?.elements("Keys") ?? []
                let unprocessed = left.compactMap { key(of: $0) }
                if !unprocessed.isEmpty { try await pause.wait(hasProgressed: unprocessed.count < wanted.count) }
                wanted = unprocessed
            }
        }
        return found
    }

    /// Applies changes each on its own, without conditions: one request for 25, and more for what DynamoDB leaves out.
    ///
    /// - Parameter mutations: The changes, of any partitions; each key at most once.
    /// - Returns: For each change the new version, or `nil` for a removal.
    /// - Throws: `invalidArgument` for a condition or a key that occurs twice; ``EffectError``, as the handler's changes do. Some of
    ///   the changes may have been made where the outcome is `unknown`; all of them may be repeated.
    @discardableResult
    public func apply(_ mutations: [ItemMutation]) async throws(EffectError) -> [CloudRevision?] {
        let operation = "apply"
        try handler.errors.checkCancellation(in: operation)
        try check(mutations, in: operation)
        var revisions: [CloudRevision?] = []
        for (number, chunk) in Self.chunks(mutations, of: Self.mostChanges).enumerated() {
            do throws(EffectError) {
                revisions += try await applyTogether(chunk, for: operation)
            } catch {
                var error = error
                if number > 0 { error.outcome = .unknown }
                throw error
            }
        }
        return revisions
    }

    private func check(_ mutations: [ItemMutation], in operation: String) throws(EffectError) {
        var keys: Set<ItemKey> = []
        for mutation in mutations {
            try handler.validation.check(mutation.key, in: operation)
            if case .put(let item) = mutation.change { try handler.check(item, mutation.key, in: operation) }
            guard mutation.precondition == .none else {
                let message = "A batch takes no conditions: put, remove or transact under them."
                throw handler.errors.error(.invalidArgument, in: operation, message)
            }
            guard keys.insert(mutation.key).inserted else {
                let name = HandlerErrors.quote(mutation.key.description)
                let message = "The key \(name) occurs twice: give each key at most once."
                throw handler.errors.error(.invalidArgument, in: operation, message)
            }
        }
    }

    private func applyTogether(
        _ mutations: [ItemMutation],
        for operation: String
    ) async throws(EffectError) -> [CloudRevision?] {
        var requests: [ItemKey: JSONValue] = [:]
        let revisions = mutations.map { mutation -> CloudRevision? in
            switch mutation.change {
            case .put(let item):
                let revision = handler.makeRevision()
                let attributes = handler.layout.attributes(item, mutation.key, revision)
                requests[mutation.key] = ["PutRequest": ["Item": attributes]]
                return revision
            case .remove:
                requests[mutation.key] = ["DeleteRequest": ["Key": handler.layout.key(mutation.key)]]
                return nil
            }
        }
        var wanted = mutations.map(\.key)
        var pause = BatchPause(handler, operation)
        while !wanted.isEmpty {
            let parts = AWSJSONClient.Parts(changes: true, isPart: true)
            let answer = try await send(.batchWriteItem, .array(wanted.compactMap { requests[$0] }), parts, operation)
            let left = answer["UnprocessedItems"]?.elements(handler.layout.table) ?? []
            let unprocessed = left.compactMap { node in
                (node["PutRequest"]?["Item"] ?? node["DeleteRequest"]?["Key"]).flatMap { key(of: $0) }
            }
            if !unprocessed.isEmpty { try await pause.wait(hasProgressed: unprocessed.count < wanted.count) }
            wanted = unprocessed
        }
        return revisions
    }

    /// A page of all items in no order: one request.
    ///
    /// - Parameters:
    ///   - token: The `next` of the page before; `nil` for the first page.
    ///   - limit: The most items wanted; at least 1. A page may have fewer, even none, and still have a `next`.
    ///   - consistency: Whether every change that has ended has to be seen.
    /// - Returns: The page.
    /// - Throws: ``EffectError``, as the handler's query does.
    public func scan(
        after token: PageToken? = nil,
        limit: Int,
        consistency: ReadConsistency = .strong
    ) async throws(EffectError) -> ItemPage {
        let operation = "scan"
        try handler.errors.checkCancellation(in: operation)
        let size = try handler.validation.pageSize(of: ItemQuery("-"), limit: limit, consistency)
        let live = DynamoDBExpression.isLive(at: handler.time.now)
        let start = token.flatMap { Self.key(of: $0) }
        guard (token == nil) == (start == nil) else {
            throw handler.errors.error(.invalidArgument, in: operation, "The token is not that of a page of a scan.")
        }
        let input: [(String, JSONValue?)] = [
            ("FilterExpression", .string(live.text)), ("ConsistentRead", .boolean(consistency == .strong)),
            ("Limit", .integer(size)), ("ExclusiveStartKey", start.map { handler.layout.key($0) }),
        ]
        let members = JSONValue.members(input + live.members)
        let answer = try await handler.send(.scan, members, AWSJSONClient.Parts(), for: operation)
        let next = answer["LastEvaluatedKey"].flatMap { key(of: $0) }
        return ItemPage(items: try handler.items(of: answer, in: operation), next: next.map { Self.token(of: $0) })
    }

    // MARK: Parts of requests

    private func send(
        _ operation: DynamoDBService.Operation,
        _ request: JSONValue,
        _ parts: AWSJSONClient.Parts,
        _ method: String
    ) async throws(EffectError) -> JSONNode {
        let input: JSONValue = ["RequestItems": [handler.layout.table: request]]
        return try await handler.client.send(operation.effectOperation, input, parts, for: method)
    }

    private func key(of node: JSONNode) -> ItemKey? {
        guard let partition = node[handler.layout.partition]?.text("S"),
            let sort = node[handler.layout.sort]?.text("S")
        else { return nil }
        return ItemKey(partition, sort)
    }

    private static func chunks<Element>(_ elements: [Element], of size: Int) -> [[Element]] {
        stride(from: 0, to: elements.count, by: size).map { Array(elements[$0..<min($0 + size, elements.count)]) }
    }

    private static func token(of key: ItemKey) -> PageToken {
        PageToken(rawValue: "\(Base64.string(Array(key.partition.utf8))).\(Base64.string(Array(key.sort.utf8)))")
    }

    private static func key(of token: PageToken) -> ItemKey? {
        let parts = token.rawValue.split(separator: ".").compactMap { Base64.bytes(String($0)) }
        guard parts.count == 2 else { return nil }
        return ItemKey(String(decoding: parts[0], as: UTF8.self), String(decoding: parts[1], as: UTF8.self))
    }
}
#endif
