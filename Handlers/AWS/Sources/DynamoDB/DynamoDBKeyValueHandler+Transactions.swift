#if AWS
internal import AuraCloud
public import AuraEffects
internal import AuraRuntime

extension DynamoDBKeyValueHandler {
    /// Applies several changes within one partition all together or not at all: one request, and more where the answer was lost.
    ///
    /// A transaction has a name by which DynamoDB takes it once for ten minutes: where an answer was lost, it is sent again.
    @discardableResult
    public func transact(_ mutations: [ItemMutation]) async throws(EffectError) -> [CloudRevision?] {
        let operation = "transact"
        try errors.checkCancellation(in: operation)
        try validation.check(mutations)
        // DynamoDB has no transaction of nothing.
        guard !mutations.isEmpty else { return [] }
        let now = time.now
        var revisions: [CloudRevision?] = []
        var changes: [JSONValue] = []
        for mutation in mutations {
            let (change, revision) = try change(mutation, at: now)
            changes.append(change)
            revisions.append(revision)
        }
        let input: JSONValue = [
            "TransactItems": .array(changes), "ClientRequestToken": .string(IdempotencyToken(random).rawValue),
        ]
        var parts = AWSJSONClient.Parts(resource: mutations[0].key.partition, changes: true)
        let sent: Result<JSONNode, EffectError>
        do throws(EffectError) {
            sent = .success(try await transact(input, parts))
        } catch {
            sent = .failure(error)
        }
        if case .failure(let error) = sent {
            guard error.outcome == .unknown, !Task.isCancelled else { throw error }
            parts.isPart = true
            try await settle(error, input, parts)
        }
        return revisions
    }

    /// Sends a transaction again whose answer was lost.
    private func settle(
        _ error: EffectError,
        _ input: JSONValue,
        _ parts: AWSJSONClient.Parts
    ) async throws(EffectError) {
        do throws(EffectError) {
            _ = try await transact(input, parts)
        } catch let second {
            // A refusal is of the transaction itself: had it gone through, DynamoDB would have said so again.
            throw second.code == .preconditionFailed ? second : error
        }
    }

    private func transact(
        _ input: JSONValue,
        _ parts: AWSJSONClient.Parts
    ) async throws(EffectError) -> JSONNode {
        let operation = DynamoDBService.Operation.transactWriteItems.effectOperation
        return try await client.send(operation, input, parts, for: "transact")
    }

    private func change(
        _ mutation: ItemMutation,
        at now: WallTime
    ) throws(EffectError) -> (change: JSONValue, revision: CloudRevision?) {
        let condition = layout.expression(mutation.precondition, at: now)
        let common: [(String, JSONValue?)] =
            [("TableName", .string(layout.table)), ("ConditionExpression", condition.map { .string($0.text) })]
            + (condition?.members ?? [])
        switch mutation.change {
        case .put(let item):
            try check(item, mutation.key, in: "transact")
            let revision = makeRevision()
            let attributes = layout.attributes(item, mutation.key, revision)
            return (["Put": .members([("Item", attributes)] + common)], revision)
        case .remove:
            return (["Delete": .members([("Key", layout.key(mutation.key))] + common)], nil)
        }
    }
}
#endif
