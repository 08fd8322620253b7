#if AWS
internal import AuraCloud
public import AuraEffects
internal import AuraRuntime

/// The objects of a bucket of Amazon S3, or of a store that speaks its protocol.
///
/// A revision is the object's `ETag`, which S3 derives from the bytes: two objects with equal bytes may have equal revisions. A
/// body that fits into one part is sent by one request; a larger one in parts side by side, with a bounded number of them in
/// memory. Every body carries a CRC32C that S3 checks, and a body that is read whole is checked against the one that S3 keeps.
public final class S3ObjectStorageHandler: ObjectStorageEffects {
    /// The name in profiles.
    public static let technology = "s3"

    let client: S3Client
    let configuration: S3Configuration
    let random: any RandomEffects
    let validation: ObjectValidation

    /// What the handler declares: no `uniqueRevisions`, no `conditionalRemoval` and no `arbitraryKeys`, and S3's limits.
    public let capabilities: Capabilities

    init(_ configuration: S3Configuration, auth: any AuthProvider, _ context: HandlerContext) {
        self.configuration = configuration
        random = context.random
        capabilities = Self.capabilities(partBytes: configuration.partBytes)
        validation = ObjectValidation(handler: Self.technology, capabilities: capabilities)
        let executor = OperationExecutor(
            S3Service(),
            configuration.cloud,
            retryOfParts: .exponential(configuration.attemptsOfParts),
            auth: auth,
            context: context
        )
        client = S3Client(
            executor: executor,
            auth: auth,
            address: configuration.address,
            signsBodies: configuration.signsBodies,
            errors: validation.errors
        )
    }

    static func capabilities(partBytes: Int) -> Capabilities {
        Capabilities(
            [.orderedListing, .presignedURLs, .durable, .multiProcess],
            limits: [
                .keyBytes: 1024,
                // 5 TiB, or what the greatest number of parts makes up.
                .objectBytes: min(5 << 40, mostParts * partBytes),
                .metadataBytes: 1400,
                .pageElements: 1000,
                .uploadParts: mostParts,
                .partBytes: mostBytesAtOnce,
                .leastPartBytes: leastPartBytes,
                .presignedSeconds: 604_800,
            ]
        )
    }

    /// Amazon S3, "Multipart upload limits".
    static let mostParts = 10_000
    static let leastPartBytes = 5 << 20
    /// What one request stores or copies.
    static let mostBytesAtOnce = 5 << 30

    var errors: HandlerErrors { validation.errors }

    /// Ends what is under way besides requests.
    func stop() async {
        await client.executor.stop()
    }

    // MARK: Checks

    func check(_ metadata: ObjectMetadata, in operation: String) throws(EffectError) {
        try validation.check(metadata, in: operation)
        let count = S3Metadata.byteCount(of: metadata)
        guard count > S3Metadata.mostBytes else { return }
        let message =
            "The attributes have \(count) bytes once they are encoded for S3: the most is \(S3Metadata.mostBytes)."
        throw errors.error(.invalidArgument, in: operation, message)
    }

    /// A name for a write that somebody may have to look for.
    func makeWriteName() -> String { IdempotencyToken(random).rawValue }

    // MARK: Removing

    /// Removes an object; a key without an object stays without one.
    ///
    /// In a bucket with versions the older ones stay.
    public func remove(_ key: ObjectKey, matching revision: CloudRevision?) async throws(EffectError) {
        try errors.checkCancellation(in: "remove")
        try validation.check(key, in: "remove")
        if revision != nil { try errors.require(.conditionalRemoval, of: capabilities, in: "remove") }
        var parts = S3Client.Parts()
        parts.changes = true
        _ = try await client.send(.deleteObject, .delete, key, parts, for: "remove")
    }

    // MARK: Presigning

    /// An address signed by the handler's credentials; it ends with them where they end earlier.
    public func presignedURL(
        _ access: PresignedURL.Access,
        to key: ObjectKey,
        expiresIn duration: Duration
    ) async throws(EffectError) -> PresignedURL {
        let operation = "presignedURL"
        try errors.checkCancellation(in: operation)
        try validation.check(key, in: operation)
        try validation.checkPresigning(expiresIn: duration)
        guard let auth = client.auth as? AWSAuthProvider else {
            let message = "The configuration's own proof of who calls cannot presign: use the provider's credentials."
            throw errors.error(.unsupported, in: operation, message)
        }
        let credentials: AWSCredentials
        do throws(EffectError) {
            credentials = try await auth.credentials.current()
        } catch {
            throw errors.error(error.code, in: operation, error.message, cause: error, isRetryable: error.isRetryable)
        }
        let now = auth.skew.now
        // Rounded up: an address for less than a second is good for one.
        let seconds = Int((duration.nanoseconds + 999_999_999) / 1_000_000_000)
        let url = auth.signer.presign(
            access == .get ? .get : .put,
            client.address.url(of: key),
            credentials,
            at: now,
            expiresIn: seconds
        )
        // The date is signed to the second.
        let signed = now.nanosecondsSinceEpoch / 1_000_000_000 * 1_000_000_000
        var expires = signed + Int64(seconds) * 1_000_000_000
        if let end = credentials.expires?.nanosecondsSinceEpoch { expires = min(expires, end) }
        return PresignedURL(
            access: access,
            url: Secret(url.text),
            expires: WallTime(nanosecondsSinceEpoch: expires)
        )
    }
}
#endif
