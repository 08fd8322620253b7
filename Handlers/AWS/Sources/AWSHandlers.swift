#if AWS
internal import AuraCloud
internal import AuraEffects
public import AuraRuntime

/// The handlers of Amazon Web Services, as an application links them: `objects` by S3, `keyValues` by DynamoDB, `queue` by SQS,
/// `topics` by SNS, `functions` by Lambda, `secrets` by Secrets Manager and the Parameter Store, `keyWrapping` by KMS.
///
/// They send their requests by the profile's `http`.
public struct AWSHandlers: HandlerBundle {
    /// Creates the bundle.
    public init() {}

    /// Objects, key-values, a queue, topics, functions, secrets and a key that wraps others.
    public var declarations: [HandlerDeclaration] {
        [Self.objects, Self.keyValues, Self.queue, Self.topics, Self.functions, Self.secrets, Self.keyWrapping]
    }

    private static let objects = HandlerDeclaration(
        ObjectsEffect.self,
        technology: S3ObjectStorageHandler.technology,
        summary: "A bucket of Amazon S3, or of a store that speaks its protocol.",
        settings: [.required("bucket", .string, "The bucket's name.")] + AWSSettings.declarations + [
            .optional(
                "pathStyle",
                .boolean,
                "Whether the bucket's name is part of the path, and not of the host; by default so with 'endpoint', and for "
                    + "names that no certificate covers."
            ),
            .optional(
                "signBodies",
                .boolean,
                "Whether the bytes of bodies are signed; by default so without TLS. With TLS a signed checksum protects them."
            ),
            .optional(
                "partSize",
                .byteCount,
                "The size of the parts that larger objects are sent in; 5MiB to 1GiB, by default 5MiB."
            ),
            .optional(
                "parallelParts",
                .integer(1...64),
                "How many parts are sent side by side; by default by the budget."
            ),
        ],
        uses: [HTTPEffect.name],
        capabilities: { settings, budget in
            S3ObjectStorageHandler.capabilities(partBytes: AWSSettings.parts(settings, budget).partBytes)
        },
        derivedValues: { settings, budget in
            let (size, count) = AWSSettings.parts(settings, budget)
            return [("part size", ByteCount(bytes: size).description), ("parts side by side", String(count))]
        },
        make: { settings, context throws(EffectError) in
            let handler = try await bucket(settings, context)
            return ManagedHandler(handler) { await handler.stop() }
        },
        resources: resourcesOfObjects,
        permissions: permissionsOfObjects
    )

    static func bucket(
        _ settings: HandlerSettings,
        _ context: HandlerContext
    ) async throws(EffectError) -> S3ObjectStorageHandler {
        let errors = HandlerErrors(ObjectsEffect.self, handler: S3ObjectStorageHandler.technology)
        let options = try AWSSettings.options(settings, context.budget, errors)
        let config = try AWSSettings.config(settings, errors)
        let access = try AWSSettings.access(settings, errors)
        return try await S3ObjectStorageHandler.open(options, config, access, context)
    }
}
#endif
