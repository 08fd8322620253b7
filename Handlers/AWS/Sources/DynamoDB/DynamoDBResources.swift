#if AWS
internal import AuraCloud
internal import AuraEffects
internal import AuraRuntime

extension DynamoDBKeyValueHandler {
    /// How often a table that is being made is looked at.
    private static let pauseForCreation = Duration.milliseconds(500)
    /// How often at most: two minutes.
    private static let mostLooks = 240

    /// The table; whether it is there.
    func tableStatus() async throws(EffectError) -> ServiceResource {
        ServiceResource("DynamoDB table", layout.table, exists: try await describe() != nil)
    }

    /// Makes the table where it is missing: paid by request, with the time to live that the handler's items have.
    func createTable() async throws(EffectError) -> ServiceResource {
        let before = try await tableStatus()
        guard !before.exists else { return before }
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
            if try await describe() == "ACTIVE" {
                let specification: JSONValue = ["AttributeName": "aura:ttl", "Enabled": .boolean(true)]
                let input: JSONValue = ["TimeToLiveSpecification": specification]
                _ = try await send(.updateTimeToLive, input, Self.change, for: "create")
                return before
            }
            try await time.sleep(for: Self.pauseForCreation)
        }
        let message =
            "The table '\(layout.table)' is still being made: look again later, and set its time to live to 'aura:ttl'."
        throw errors.error(.deadlineExceeded, in: "create", message, outcome: .unknown)
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
