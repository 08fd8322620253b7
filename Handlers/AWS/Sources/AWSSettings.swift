#if AWS
internal import AuraCloud
internal import AuraEffects
internal import AuraRuntime

/// The settings that the handlers of AWS share.
enum AWSSettings {
    static let declarations: [SettingDeclaration] = [
        .optional(
            "region",
            .string,
            "The region, such as 'eu-central-1'; by default that of AWS_REGION, AWS_DEFAULT_REGION or the AWS profile."
        ),
        .optional(
            "endpoint",
            .string,
            "Where the service is, in place of AWS's own address, such as 'http://[::1]:9000'."
        ),
        .optional(
            "accessKeyID",
            .string,
            "The id of the access key to sign with; by default the credentials that AWS's tools would find."
        ),
        .optional("secretAccessKey", .secret, "The secret of that key."),
        .optional("sessionToken", .secret, "The token of temporary credentials."),
        .optional("awsProfile", .string, "The profile of AWS's shared files whose credentials and region count."),
        .optional("timeout", .duration, default: "60s", "How long a request may take up to the head of its answer."),
        .optional(
            "attempts",
            .integer(1...10),
            default: "4",
            "How often a request that is part of a larger call is tried; calls as a whole are the policy's."
        ),
    ]

    static func parts(_ settings: HandlerSettings, _ budget: ResourceBudget) -> (partBytes: Int, parallelParts: Int) {
        S3Configuration.parts(
            within: budget,
            partBytes: settings.byteCount("partSize")?.bytes,
            parallelParts: settings.integer("parallelParts")
        )
    }

    static func options(
        _ settings: HandlerSettings,
        _ budget: ResourceBudget,
        _ errors: HandlerErrors
    ) throws(EffectError) -> S3Options {
        let (size, count) = parts(settings, budget)
        guard (S3ObjectStorageHandler.leastPartBytes...1 << 30).contains(size) else {
            throw errors.refusal("'partSize' is \(ByteCount(bytes: size)): it lies between 5MiB and 1GiB")
        }
        return S3Options(
            bucket: settings.string("bucket") ?? "",
            pathStyle: settings.boolean("pathStyle"),
            signsBodies: settings.boolean("signBodies"),
            partBytes: size,
            parallelParts: count
        )
    }

    /// Where the services are, by a profile.
    static func config(
        _ settings: HandlerSettings,
        _ errors: HandlerErrors
    ) throws(EffectError) -> CloudConfig {
        var config = CloudConfig().region(settings.string("region").map { CloudRegion(rawValue: $0) })
        if let text = settings.string("endpoint") {
            guard let endpoint = HTTPURL(text), endpoint.query == nil else {
                throw errors.refusal("'endpoint' is no address such as 'https://store.example.com'")
            }
            config = config.endpoint(endpoint)
        }
        return config.timeout(settings.duration("timeout"))
    }

    /// What requests are signed with, by a profile.
    static func access(
        _ settings: HandlerSettings,
        _ errors: HandlerErrors
    ) throws(EffectError) -> AWSAccess {
        let attempts = settings.integer("attempts") ?? 4
        let profile = settings.string("awsProfile")
        guard let id = settings.string("accessKeyID") else {
            guard settings.secret("secretAccessKey") == nil else {
                throw errors.refusal("'secretAccessKey' is set without 'accessKeyID'")
            }
            return AWSAccess(profile: profile, attemptsOfParts: attempts)
        }
        guard let secret = settings.secret("secretAccessKey") else {
            throw errors.refusal("'accessKeyID' is set without 'secretAccessKey'")
        }
        let credentials = AWSCredentials(
            accessKeyID: id,
            secretAccessKey: secret,
            sessionToken: settings.secret("sessionToken")
        )
        return AWSAccess(credentials: credentials, profile: profile, attemptsOfParts: attempts)
    }
}

extension HandlerErrors {
    /// The error of a setting that is none.
    func refusal(_ message: String) -> EffectError { error(.invalidArgument, in: "open", "\(message).") }
}

/// What credentials a handler signs with.
struct AWSAccess: Sendable {
    /// Those that are given; `nil` for those that AWS's tools would find.
    var credentials: AWSCredentials?
    /// The profile of the shared files that counts; `nil` for the process's own.
    var profile: String?
    /// How often a request that is part of a larger call is tried.
    var attemptsOfParts = 4
    /// The environment variables; `nil` for the process's.
    var variables: [String: String]?
}

/// What a handler of a bucket is told besides its configuration.
struct S3Options: Sendable {
    var bucket: String
    var pathStyle: Bool?
    var signsBodies: Bool?
    var partBytes: Int
    var parallelParts: Int
}

extension S3ObjectStorageHandler {
    /// Makes the handler of a bucket; no request is sent before the first call.
    static func open(
        _ options: S3Options,
        _ config: CloudConfig,
        _ access: AWSAccess,
        _ context: HandlerContext
    ) async throws(EffectError) -> S3ObjectStorageHandler {
        let errors = HandlerErrors(ObjectsEffect.self, handler: technology)
        guard !options.bucket.isEmpty, !options.bucket.contains("/") else {
            throw errors.error(.invalidArgument, in: "open", "The bucket's name is empty or has a slash.")
        }
        let connection = try await AWSConnection.open("s3", config, access, errors, context)
        let address = S3Address(
            bucket: options.bucket,
            region: connection.region,
            endpoint: config.endpoint,
            pathStyle: options.pathStyle ?? (config.endpoint != nil || !S3Address.canBeHost(options.bucket))
        )
        let configuration = S3Configuration(
            address: address,
            cloud: config,
            signsBodies: options.signsBodies ?? (config.endpoint?.scheme == .http),
            partBytes: options.partBytes,
            parallelParts: options.parallelParts,
            attemptsOfParts: access.attemptsOfParts
        )
        return S3ObjectStorageHandler(configuration, auth: connection.auth, context)
    }
}
#endif
