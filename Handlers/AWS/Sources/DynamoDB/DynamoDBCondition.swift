#if AWS
internal import AuraEffects
internal import AuraRuntime

/// An expression of DynamoDB's, with the names and values that it uses.
///
/// Source: Amazon DynamoDB Developer Guide, "Condition and filter expressions, operators, and functions".
struct DynamoDBExpression: Sendable {
    var text: String
    var names: [String: String] = [:]
    var values: [(String, JSONValue)] = []

    /// What of the items there is has not expired.
    static func isLive(at now: WallTime) -> DynamoDBExpression {
        DynamoDBExpression(
            text: "(attribute_not_exists(#x) OR #x > :now)",
            names: ["#x": DynamoDBNames.expires],
            values: [(":now", DynamoDBLayout.moment(now))]
        )
    }

    /// The names and values as members of a request.
    var members: [(String, JSONValue?)] {
        let names = names.sorted { $0.key < $1.key }.map { ($0.key, JSONValue.string($0.value) as JSONValue?) }
        return [
            ("ExpressionAttributeNames", names.isEmpty ? nil : .members(names)),
            ("ExpressionAttributeValues", values.isEmpty ? nil : .members(values.map { ($0, $1) })),
        ]
    }
}

extension DynamoDBLayout {
    /// What a change asks for; `nil` where it asks for nothing.
    ///
    /// An item whose time has come counts as none.
    ///
    /// - Parameters:
    ///   - precondition: The condition.
    ///   - now: The moment that items' times are compared with.
    ///   - own: The version that the change stores: where it is there, the change was made, and repeating it is none.
    /// - Returns: The expression.
    func expression(
        _ precondition: CloudPrecondition,
        at now: WallTime,
        orOwn own: CloudRevision? = nil
    ) -> DynamoDBExpression? {
        var expression: DynamoDBExpression
        switch precondition {
        case .none: return nil
        case .absent:
            expression = DynamoDBExpression(
                text: "attribute_not_exists(#p) OR #x <= :now",
                names: ["#p": partition, "#x": DynamoDBNames.expires],
                values: [(":now", Self.moment(now))]
            )
        case .matches(let revision):
            expression = .isLive(at: now)
            if revision == Self.foreign {
                expression.text = "(attribute_exists(#p) AND attribute_not_exists(#r) AND \(expression.text))"
                expression.names["#p"] = partition
            } else {
                expression.text = "(#r = :r AND \(expression.text))"
                expression.values.append((":r", ["S": .string(revision.rawValue)]))
            }
            expression.names["#r"] = DynamoDBNames.revision
        }
        if let own {
            expression.text += " OR #r = :own"
            expression.names["#r"] = DynamoDBNames.revision
            expression.values.append((":own", ["S": .string(own.rawValue)]))
        }
        return expression
    }

    /// Which keys a query looks at, which may be a few more than it wants; `nil` where there can be none.
    func expression(_ query: ItemQuery, mostSortBytes: Int) -> DynamoDBExpression? {
        var expression = DynamoDBExpression(
            text: "#p = :p",
            names: ["#p": partition],
            values: [(":p", ["S": .string(query.partition)])]
        )
        func add(_ text: String, _ values: [(String, String)]) {
            expression.text += " AND \(text)"
            expression.names["#s"] = sort
            expression.values += values.map { ($0, ["S": .string($1)]) }
        }
        switch query.sortKeys {
        case .all: break
        case .prefix(let prefix):
            guard prefix.utf8.count <= mostSortBytes else { return nil }
            if !prefix.isEmpty { add("begins_with(#s, :s)", [(":s", prefix)]) }
        case .range(let from, let before):
            // A bound longer than any key is left to the reader of the page.
            let from = from.flatMap { (1...mostSortBytes).contains($0.utf8.count) ? $0 : nil }
            let end = before.flatMap { $0.utf8.count <= mostSortBytes ? $0 : nil }
            if let end, end.isEmpty { return nil }
            switch (from, end) {
            case (let from?, let end?):
                guard from.utf8.lexicographicallyPrecedes(end.utf8) else { return nil }
                // There is no condition of both ends that leaves the second one out.
                add("#s BETWEEN :s AND :e", [(":s", from), (":e", end)])
            case (let from?, nil): add("#s >= :s", [(":s", from)])
            case (nil, let end?): add("#s < :e", [(":e", end)])
            case (nil, nil): break
            }
        }
        return expression
    }
}
#endif
