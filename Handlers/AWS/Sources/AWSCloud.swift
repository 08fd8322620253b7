#if AWS
public import AuraCloud
public import AuraEffects
public import AuraRuntime

/// The services of Amazon Web Services that an application names itself, rather than by a profile.
///
/// ```swift
/// let config = CloudConfig().region("eu-central-1").retryPolicy(.exponential(5)).timeout(.seconds(60))
/// let cloud = try await AWSCloud(config, bucket: "photos", context)
/// try await cloud.objects.put(ByteStream(bytes), to: "cat.jpg")
/// try await cloud.s3.removeVersion(old, of: "cat.jpg")
/// await cloud.stop()
/// ```
///
/// It has AWS's services alone: what only another provider has does not compile.
public struct AWSCloud: Sendable {
    private let handler: S3ObjectStorageHandler

    /// Creates the services of a bucket's region; no request is sent before the first call.
    ///
    /// - Parameters:
    ///   - config: Where the services are, and what surrounds each request.
    ///   - bucket: The bucket's name.
    ///   - context: The HTTP handler that sends the requests, the clock, and the budget.
    ///   - credentials: What requests are signed with; `nil` for those that AWS's tools would find.
    /// - Throws: `invalidArgument` where no region can be found.
    public init(
        _ config: CloudConfig,
        bucket: String,
        _ context: HandlerContext,
        credentials: AWSCredentials? = nil
    ) async throws(EffectError) {
        let (size, count) = S3Configuration.parts(within: context.budget)
        let options = S3Options(bucket: bucket, partBytes: size, parallelParts: count)
        let access = AWSAccess(credentials: credentials)
        var context = context
        if let logger = config.logger { context.logger = logger }
        handler = try await S3ObjectStorageHandler.open(options, config, access, context)
    }

    /// The bucket's objects, as every provider has them.
    public var objects: any ObjectStorageEffects { handler }

    /// What S3 can do with the bucket beyond that.
    public var s3: S3Bucket { S3Bucket(handler: handler) }

    /// Ends what is under way.
    public func stop() async {
        await handler.stop()
    }
}
#endif
