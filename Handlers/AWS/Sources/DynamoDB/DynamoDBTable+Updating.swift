#if AWS
internal import AuraCloud
public import AuraEffects
internal import AuraRuntime

extension DynamoDBTable {
    /// Sets and removes attributes of an item, and leaves its others and its time as they are: one request, and one more where the
    /// answer was lost.
    ///
    /// An item that is not there is made of what is set.
    ///
    /// - Parameters:
    ///   - key: The item's key.
    ///   - attributes: The attributes that are set.
    ///   - names: The names of the attributes that are removed; one that is not there stays away.
    ///   - precondition: What has to hold of the item.
    /// - Returns: The item's new version.
    /// - Throws: `invalidArgument` for an attribute that is set and removed; ``EffectError``, as the handler's `put` does.
    @discardableResult
    public func update(
        _ key: ItemKey,
        setting attributes: [String: ItemValue],
        removing names: Set<String> = [],
        if precondition: CloudPrecondition = .none
    ) async throws(EffectError) -> CloudRevision {
        let operation = "update"
        try handler.errors.checkCancellation(in: operation)
        try handler.validation.check(key, in: operation)
        try check(attributes, names, key, in: operation)
        // What has expired counts as none, and none of it may come back.
        if precondition == .absent { return try await handler.put(Item(attributes), to: key, if: .absent) }
        let revision = handler.makeRevision()
        let now = handler.time.now
        let layout = handler.layout
        let condition = layout.expression(precondition, at: now, orOwn: revision) ?? .isLive(at: now)
        let update = layout.update(attributes, names, revision)
        let input: [(String, JSONValue?)] = [
            ("Key", layout.key(key)), ("UpdateExpression", .string(update.text)),
            ("ConditionExpression", .string(condition.text)),
        ]
        let parts = AWSJSONClient.Parts(resource: key.description, changes: true)
        do throws(EffectError) {
            let members = JSONValue.members(input + update.merged(with: condition).members)
            _ = try await handler.send(.updateItem, members, parts, for: operation)
            return revision
        } catch {
            if precondition == .none, error.code == .preconditionFailed {
                return try await handler.put(Item(attributes), to: key, if: .absent)
            }
            return try await handler.settle(error, revision, at: key)
        }
    }

    private func check(
        _ attributes: [String: ItemValue],
        _ names: Set<String>,
        _ key: ItemKey,
        in operation: String
    ) throws(EffectError) {
        let all = attributes.merging(names.map { ($0, ItemValue.null) }) { value, _ in value }
        try handler.check(Item(all), key, in: operation)
        guard let name = names.sorted().first(where: { attributes[$0] != nil }) else { return }
        let message = "The attribute \(HandlerErrors.quote(name)) is set and removed: give it once."
        throw handler.errors.error(.invalidArgument, in: operation, message)
    }
}

extension DynamoDBLayout {
    /// The expression that sets and removes attributes, and sets the version.
    fileprivate func update(
        _ attributes: [String: ItemValue],
        _ removed: Set<String>,
        _ revision: CloudRevision
    ) -> DynamoDBExpression {
        var expression = DynamoDBExpression(
            text: "SET #r = :own",
            names: ["#r": DynamoDBNames.revision],
            values: [(":own", ["S": .string(revision.rawValue)])]
        )
        for (index, attribute) in attributes.sorted(by: { $0.key < $1.key }).enumerated() {
            expression.text += ", #s\(index) = :s\(index)"
            expression.names["#s\(index)"] = DynamoDBNames.stored(attribute.key, besides: keyNames)
            expression.values.append((":s\(index)", DynamoDBValue.encode(attribute.value)))
        }
        for (index, name) in removed.sorted().enumerated() {
            expression.text += index == 0 ? " REMOVE #d0" : ", #d\(index)"
            expression.names["#d\(index)"] = DynamoDBNames.stored(name, besides: keyNames)
        }
        return expression
    }
}

extension DynamoDBExpression {
    /// The names and values of two expressions of one request.
    fileprivate func merged(with other: DynamoDBExpression) -> DynamoDBExpression {
        var merged = self
        merged.names.merge(other.names) { own, _ in own }
        merged.values += other.values.filter { value in !values.contains { $0.0 == value.0 } }
        return merged
    }
}
#endif
