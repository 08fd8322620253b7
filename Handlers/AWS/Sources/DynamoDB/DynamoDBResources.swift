#if AWS
internal import AuraCloud
internal import AuraEffects
internal import AuraRuntime

extension DynamoDBKeyValueHandler {
    /// How often a table that is being made is looked at.
    private static let pauseForCreation = Duration.milliseconds(500)
    /// How often at most: two minutes.
    private static let mostLooks = 240

    /// The table, and the time to live of its items; whether they are there.
    func tableStatus() async throws(EffectError) -> [ServiceResource] {
        let isThere = try await describe() != nil
        let hasTime = isThere ? try await expires() : false
        return [
            ServiceResource("DynamoDB table", layout.table, exists: isThere),
            ServiceResource("time to live of DynamoDB table", layout.table, exists: hasTime),
        ]
    }

    /// Makes the table where it is missing, paid by request, and sets the time to live that the handler's items have.
    func createTable() async throws(EffectError) -> [ServiceResource] {
        let before = try await tableStatus()
        if !before[0].exists { try await createKeys() }
        if !before[1].exists {
            let specification: JSONValue = [
                "AttributeName": .string(DynamoDBNames.timeToLive), "Enabled": .boolean(true),
            ]
            let input: JSONValue = ["TimeToLiveSpecification": specification]
            _ = try await send(.updateTimeToLive, input, Self.change, for: "create")
        }
        return before
    }

    private func createKeys() async throws(EffectError) {
        let keys = [(layout.partition, "HASH"), (layout.sort, "RANGE")]
        let input: JSONValue = [
            "BillingMode": "PAY_PER_REQUEST",
            "KeySchema": .array(keys.map { ["AttributeName": .string($0), "KeyType": .string($1)] }),
            "AttributeDefinitions": .array(
                keys.map { name, _ in ["AttributeName": .string(name), "AttributeType": "S"] }
            ),
        ]
        _ = try await send(.createTable, input, Self.change, for: "create")
        for _ in 0..<Self.mostLooks {
            if try await describe() == "ACTIVE" { return }
            try await time.sleep(for: Self.pauseForCreation)
        }
        let message =
            "The table '\(layout.table)' is still being made: do this again later, which sets its time to live."
        throw errors.error(.deadlineExceeded, in: "create", message, outcome: .unknown)
    }

    /// Whether items end by the attribute that says when.
    private func expires() async throws(EffectError) -> Bool {
        let answer = try await send(.describeTimeToLive, .object([]), AWSJSONClient.Parts(), for: "create")
        let description = answer["TimeToLiveDescription"]
        let isOn = ["ENABLED", "ENABLING"].contains(description?.text("TimeToLiveStatus") ?? "")
        return isOn && description?.text("AttributeName") == DynamoDBNames.timeToLive
    }

    private static let change = AWSJSONClient.Parts(isIdempotent: false, changes: true)

    /// The table's state; `nil` where there is no such table.
    private func describe() async throws(EffectError) -> String? {
        let parts = AWSJSONClient.Parts(meanings: ["ResourceNotFoundException": .notFound])
        do throws(EffectError) {
            return try await send(.describeTable, .object([]), parts, for: "create")["Table"]?.text("TableStatus") ?? ""
        } catch  where error.code == .notFound {
            return nil
        }
    }
}
#endif
