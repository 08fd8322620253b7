#if AWS
internal import AuraCloud
public import AuraEffects
internal import AuraRuntime

extension DynamoDBKeyValueHandler {
    /// A page of a partition's items in the order of their sort keys' bytes: one request.
    ///
    /// DynamoDB ends a page after a megabyte, and counts expired items: a page may have fewer items than its limit.
    public func query(
        _ query: ItemQuery,
        after token: PageToken?,
        limit: Int,
        consistency: ReadConsistency
    ) async throws(EffectError) -> ItemPage {
        try errors.checkCancellation(in: "query")
        let size = try validation.pageSize(of: query, limit: limit, consistency)
        let most = capabilities.limit(.sortKeyBytes)
        guard var expression = layout.expression(query, mostSortBytes: most) else {
            return ItemPage(items: [], next: nil)
        }
        let live = DynamoDBExpression.isLive(at: time.now)
        expression.names.merge(live.names) { first, _ in first }
        expression.values += live.values
        let input: [(String, JSONValue?)] = [
            ("KeyConditionExpression", .string(expression.text)), ("FilterExpression", .string(live.text)),
            ("ConsistentRead", .boolean(consistency == .strong)), ("Limit", .integer(size)),
            ("ScanIndexForward", .boolean(!query.backwards)),
            ("ExclusiveStartKey", token.map { layout.key(ItemKey(query.partition, $0.rawValue)) }),
        ]
        let answer = try await send(
            .query,
            .members(input + expression.members),
            AWSJSONClient.Parts(resource: query.partition),
            for: "query"
        )
        let items = try items(of: answer, in: "query").filter { query.sortKeys.contains($0.key.sort) }
        let next = answer["LastEvaluatedKey"]?[layout.sort]?.text("S")
        return ItemPage(items: items, next: next.map { PageToken(rawValue: $0) })
    }

    /// The items that an answer has.
    func items(of answer: JSONNode, in method: String) throws(EffectError) -> [StoredItem] {
        var items: [StoredItem] = []
        for node in answer.elements("Items") { items.append(try item(node, in: method)) }
        return items
    }
}
#endif
