#if AWS
internal import AuraCloud
public import AuraEffects
internal import AuraRuntime

/// The items of a table of Amazon DynamoDB.
///
/// The table has a partition key and a sort key that are texts. Each attribute of an item is one of DynamoDB's, by its name and as
/// what it is, so that other clients read it; the handler's own attributes begin with `aura:`. The version of an item is a
/// name that its write made up, `aura:revision`: where the answer to a write was lost, it says whose item is there. An item is
/// gone once the moment in `aura:expires` has come by the handler's clock; DynamoDB removes it later where the table's time to
/// live is set to the attribute `aura:ttl`.
///
/// An item that others stored has no `aura:revision`: its version is `foreign`, which comes back.
public final class DynamoDBKeyValueHandler: KeyValueEffects {
    /// The name in profiles.
    public static let technology = "dynamodb"

    /// What every table declares: strong reads and transactions, and DynamoDB's limits.
    public static let capabilities = Capabilities(
        [.strongReads, .transactions, .durable, .multiProcess],
        limits: [
            .partitionKeyBytes: 2048,
            .sortKeyBytes: 1024,
            // What is left of 400 KiB beside keys, names and what lists and maps take.
            .itemBytes: ByteCount.kibibytes(390).bytes,
            // One of DynamoDB's 32 levels is the item, one a number's.
            .valueDepth: 30,
            .transactionMutations: 100,
            .transactionBytes: ByteCount.kibibytes(3584).bytes,
            .pageElements: 1000,
        ]
    )

    let client: AWSJSONClient
    let layout: DynamoDBLayout
    let time: any TimeEffects
    let random: any RandomEffects
    let attemptsOfParts: Int
    let validation = ItemValidation(handler: technology, capabilities: capabilities)

    init(
        _ layout: DynamoDBLayout,
        _ connection: AWSConnection,
        _ config: CloudConfig,
        attemptsOfParts: Int,
        _ context: HandlerContext
    ) {
        self.layout = layout
        self.attemptsOfParts = attemptsOfParts
        time = context.time
        random = context.random
        client = AWSJSONClient(
            DynamoDBService(),
            DynamoDBService.dialect,
            connection,
            config,
            attemptsOfParts: attemptsOfParts,
            errors: validation.errors,
            context: context
        )
    }

    /// Makes the handler of a table; no request is sent before the first call.
    static func open(
        _ layout: DynamoDBLayout,
        _ config: CloudConfig,
        _ access: AWSAccess,
        _ context: HandlerContext
    ) async throws(EffectError) -> DynamoDBKeyValueHandler {
        let errors = HandlerErrors(KeyValuesEffect.self, handler: technology)
        guard !layout.table.isEmpty else { throw errors.refusal("The table's name is empty") }
        let names = [layout.partition, layout.sort]
        guard names[0] != names[1], names.allSatisfy({ !$0.isEmpty && !$0.hasPrefix(DynamoDBNames.mark) }) else {
            throw errors.refusal("'partitionKey' and 'sortKey' need two different names that do not begin with 'aura:'")
        }
        let connection = try await AWSConnection.open("dynamodb", config, access, errors, context)
        return DynamoDBKeyValueHandler(
            layout,
            connection,
            config,
            attemptsOfParts: access.attemptsOfParts,
            context
        )
    }

    /// Strong reads, transactions, and DynamoDB's limits.
    public var capabilities: Capabilities { Self.capabilities }

    var errors: HandlerErrors { validation.errors }

    /// Ends what is under way besides requests.
    func stop() async {
        await client.executor.stop()
    }

    /// The item under a key: one request.
    public func get(_ key: ItemKey, consistency: ReadConsistency) async throws(EffectError) -> StoredItem? {
        try errors.checkCancellation(in: "get")
        try validation.check(key, in: "get")
        try validation.check(consistency, in: "get")
        return try await read(key, consistency, isPart: false, for: "get")
    }

    private func read(
        _ key: ItemKey,
        _ consistency: ReadConsistency,
        isPart: Bool,
        for method: String
    ) async throws(EffectError) -> StoredItem? {
        let answer = try await send(
            .getItem,
            .members([("Key", layout.key(key)), ("ConsistentRead", .boolean(consistency == .strong))]),
            AWSJSONClient.Parts(resource: key.description, isPart: isPart),
            for: method
        )
        guard let node = answer["Item"] else { return nil }
        let item = try item(node, in: method)
        return isLive(item, at: time.now) ? item : nil
    }

    /// Stores an item in the place of what is there: one request, and one more where the answer was lost.
    @discardableResult
    public func put(
        _ item: Item,
        to key: ItemKey,
        if precondition: CloudPrecondition
    ) async throws(EffectError) -> CloudRevision {
        try errors.checkCancellation(in: "put")
        try validation.check(key, in: "put")
        try check(item, key, in: "put")
        let revision = makeRevision()
        let condition = layout.expression(precondition, at: time.now, orOwn: revision)
        let input: [(String, JSONValue?)] = [
            ("Item", layout.attributes(item, key, revision)),
            ("ConditionExpression", condition.map { .string($0.text) }),
        ]
        // One that comes late finds another version, and stores nothing; in the place of nothing it would store the item again.
        let parts = AWSJSONClient.Parts(
            resource: key.description,
            isIdempotent: precondition != .absent,
            changes: true
        )
        do throws(EffectError) {
            _ = try await send(.putItem, .members(input + (condition?.members ?? [])), parts, for: "put")
            return revision
        } catch {
            return try await settle(error, revision, at: key)
        }
    }

    /// Looks whether a write whose answer was lost went through; throws where it did not.
    ///
    /// Where the item is that write's it did; where it is not, the write may still be on its way.
    func settle(
        _ error: EffectError,
        _ revision: CloudRevision,
        at key: ItemKey
    ) async throws(EffectError) -> CloudRevision {
        guard error.outcome == .unknown, !Task.isCancelled,
            let found = try? await read(key, .strong, isPart: true, for: "put"), found.revision == revision
        else { throw error }
        return revision
    }

    /// Removes an item; a key without an item stays without one: one request.
    public func remove(_ key: ItemKey, if precondition: CloudPrecondition) async throws(EffectError) {
        try errors.checkCancellation(in: "remove")
        try validation.check(key, in: "remove")
        let condition = layout.expression(precondition, at: time.now)
        let input: [(String, JSONValue?)] = [
            ("Key", layout.key(key)), ("ConditionExpression", condition.map { .string($0.text) }),
        ]
        let parts = AWSJSONClient.Parts(
            resource: key.description,
            isIdempotent: precondition == .none,
            changes: true
        )
        _ = try await send(.deleteItem, .members(input + (condition?.members ?? [])), parts, for: "remove")
    }

    // MARK: What requests have in common

    /// Sends a request about the table.
    func send(
        _ operation: DynamoDBService.Operation,
        _ input: JSONValue,
        _ parts: AWSJSONClient.Parts,
        for method: String
    ) async throws(EffectError) -> JSONNode {
        guard case .object(var members) = input else { return .null }
        members.append(JSONValue.Member(key: "TableName", value: .string(layout.table)))
        return try await client.send(operation.effectOperation, .object(members), parts, for: method)
    }

    /// The item that an answer has.
    func item(_ node: JSONNode, in method: String) throws(EffectError) -> StoredItem {
        if let item = layout.item(node) { return item }
        let message =
            "An item of the table has no text as a key, or a value of an unknown type: see whether the table is the right one."
        throw errors.error(.unavailable, in: method, message, isRetryable: false)
    }

    func isLive(_ item: StoredItem, at now: WallTime) -> Bool {
        item.item.expires.map { now.nanosecondsSinceEpoch < $0.nanosecondsSinceEpoch } ?? true
    }

    func makeRevision() -> CloudRevision { CloudRevision(rawValue: IdempotencyToken(random).rawValue) }

    /// Refuses an item that DynamoDB would refuse.
    func check(_ item: Item, _ key: ItemKey, in method: String) throws(EffectError) {
        try validation.check(item, in: method)
        let count = layout.byteCount(item, key)
        guard count > DynamoDBLayout.mostItemBytes else { return }
        let message =
            "The item has \(count) bytes as DynamoDB counts them: the most is \(DynamoDBLayout.mostItemBytes). Split it."
        throw errors.error(.invalidArgument, in: method, message)
    }
}
#endif
