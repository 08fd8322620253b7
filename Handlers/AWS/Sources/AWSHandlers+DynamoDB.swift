#if AWS
internal import AuraCloud
internal import AuraEffects
internal import AuraRuntime

extension AWSHandlers {
    static let keyValues = HandlerDeclaration(
        KeyValuesEffect.self,
        technology: DynamoDBKeyValueHandler.technology,
        summary: "A table of Amazon DynamoDB.",
        settings: [.required("table", .string, "The table's name.")] + AWSSettings.declarations + [
            .optional("partitionKey", .string, default: "pk", "The name of the table's partition key, a string."),
            .optional("sortKey", .string, default: "sk", "The name of the table's sort key, a string."),
        ],
        uses: [HTTPEffect.name],
        capabilities: { _, _ in DynamoDBKeyValueHandler.capabilities },
        make: { settings, context throws(EffectError) in
            let handler = try await table(settings, context)
            return ManagedHandler(handler) { await handler.stop() }
        },
        resources: resourcesOfKeyValues,
        permissions: permissionsOfKeyValues
    )

    static func table(
        _ settings: HandlerSettings,
        _ context: HandlerContext
    ) async throws(EffectError) -> DynamoDBKeyValueHandler {
        let errors = HandlerErrors(KeyValuesEffect.self, handler: DynamoDBKeyValueHandler.technology)
        let layout = DynamoDBLayout(
            table: settings.string("table") ?? "",
            partition: settings.string("partitionKey") ?? "",
            sort: settings.string("sortKey") ?? ""
        )
        let config = try AWSSettings.config(settings, errors)
        let access = try AWSSettings.access(settings, errors)
        return try await DynamoDBKeyValueHandler.open(layout, config, access, context)
    }
}
#endif
