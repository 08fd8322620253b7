#if AWS
public import AuraCloud
public import AuraEffects
public import AuraRuntime

/// The services of Amazon Web Services that an application names itself, rather than by a profile.
///
/// ```swift
/// let config = CloudConfig().region("eu-central-1").retryPolicy(.exponential(5)).timeout(.seconds(60))
/// let cloud = try await AWSCloud(config, bucket: "photos", table: "albums", context)
/// try await cloud.objects.put(ByteStream(bytes), to: "cat.jpg")
/// try await cloud.s3?.removeVersion(old, of: "cat.jpg")
/// try await cloud.keyValues.put(Item(["title": "Cats"]), to: ItemKey("albums", "1"))
/// await cloud.stop()
/// ```
///
/// It has AWS's services alone: what only another provider has does not compile.
public struct AWSCloud: Sendable {
    private let handler: S3ObjectStorageHandler?
    private let table: DynamoDBKeyValueHandler?
    private let messages: SQSQueueHandler?
    private let published: SNSPubSubHandler
    private let called: LambdaFunctionHandler

    /// Creates the services of a region; no request is sent before the first call.
    ///
    /// - Parameters:
    ///   - config: Where the services are, and what surrounds each request.
    ///   - bucket: The name of the bucket of objects; `nil` for none.
    ///   - table: The name of the table of key-values, whose keys are `pk` and `sk`; `nil` for none.
    ///   - queue: The name or URL of the queue; `nil` for none.
    ///   - deadLetters: The name or URL of the queue that the queue's dead letters go to; `nil` for none.
    ///   - context: The HTTP handler that sends the requests, the clock, and the budget.
    ///   - credentials: What requests are signed with; `nil` for those that AWS's tools would find.
    /// - Throws: `invalidArgument` where no region can be found.
    public init(
        _ config: CloudConfig,
        bucket: String? = nil,
        table: String? = nil,
        queue: String? = nil,
        deadLetters: String? = nil,
        _ context: HandlerContext,
        credentials: AWSCredentials? = nil
    ) async throws(EffectError) {
        let access = AWSAccess(credentials: credentials)
        var context = context
        if let logger = config.logger { context.logger = logger }
        if let bucket {
            let (size, count) = S3Configuration.parts(within: context.budget)
            let options = S3Options(bucket: bucket, partBytes: size, parallelParts: count)
            handler = try await S3ObjectStorageHandler.open(options, config, access, context)
        } else {
            handler = nil
        }
        if let table {
            let layout = DynamoDBLayout(table: table, partition: "pk", sort: "sk")
            self.table = try await DynamoDBKeyValueHandler.open(layout, config, access, context)
        } else {
            self.table = nil
        }
        if let queue {
            let options = SQSOptions(queue: queue, deadLetters: deadLetters)
            messages = try await SQSQueueHandler.open(options, config, access, context)
        } else {
            messages = nil
        }
        published = try await SNSPubSubHandler.open(config, access, context)
        called = try await LambdaFunctionHandler.open(qualifier: nil, config, access, context)
    }

    /// The bucket's objects, as every provider has them; calls fail where no bucket is named.
    public var objects: any ObjectStorageEffects { handler ?? ObjectsEffect.unimplemented }

    /// What S3 can do with the bucket beyond that; `nil` where no bucket is named.
    public var s3: S3Bucket? { handler.map { S3Bucket(handler: $0) } }

    /// The table's items, as every provider has them; calls fail where no table is named.
    public var keyValues: any KeyValueEffects { table ?? KeyValuesEffect.unimplemented }

    /// What DynamoDB can do with the table beyond that; `nil` where no table is named.
    public var dynamoDB: DynamoDBTable? { table.map { DynamoDBTable(handler: $0) } }

    /// The queue's messages, as every provider has them; calls fail where no queue is named.
    public var queue: any MessageQueueEffects { messages ?? QueueEffect.unimplemented }

    /// What SQS can do with the queue beyond that; `nil` where no queue is named.
    public var sqs: SQSQueue? { messages.map { SQSQueue(handler: $0) } }

    /// The account's topics, as every provider has them.
    public var topics: any PubSubEffects { published }

    /// What SNS can do with topics beyond that.
    public var sns: SNSTopics { SNSTopics(handler: published) }

    /// The region's functions, as every provider has them.
    public var functions: any FunctionEffects { called }

    /// What Lambda can do with functions beyond that.
    public var lambda: LambdaFunctions { LambdaFunctions(handler: called) }

    /// Ends what is under way.
    public func stop() async {
        await handler?.stop()
        await table?.stop()
        await messages?.stop()
        await published.stop()
        await called.stop()
    }
}
#endif
