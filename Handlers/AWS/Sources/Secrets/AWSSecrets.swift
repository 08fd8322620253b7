#if AWS
public import AuraCloud
public import AuraEffects
public import AuraRuntime

/// Secrets that AWS keeps: in Secrets Manager and in the Parameter Store, and data keys that KMS wraps.
///
/// ```swift
/// let secrets = try await AWSSecrets(config, context)
/// let password = try await secrets.secret("production/database")
/// let wrapped = try await secrets.wrap(dataKey, by: "alias/backups", purpose: ["bucket": "photos"])
/// ```
///
/// A secret is fetched anew by each call. Nothing of it stands in errors, metrics and spans, and recordings leave out what AWS's
/// own hosts answer: name those of an endpoint of your own in `HTTPRecordingOptions.hostsWithoutBody`.
public struct AWSSecrets: Sendable {
    private let manager: AWSJSONClient
    private let parameters: AWSJSONClient
    private let keys: AWSJSONClient

    /// Creates the services of a region; no request is sent before the first call.
    ///
    /// - Parameters:
    ///   - config: Where the services are, and what surrounds each request.
    ///   - context: The HTTP handler that sends the requests, and the clock.
    ///   - credentials: What requests are signed with; `nil` for those that AWS's tools would find.
    /// - Throws: `invalidArgument` where no region can be found.
    public init(
        _ config: CloudConfig,
        _ context: HandlerContext,
        credentials: AWSCredentials? = nil
    ) async throws(EffectError) {
        try await self.init(config, AWSAccess(credentials: credentials), context)
    }

    init(_ config: CloudConfig, _ access: AWSAccess, _ context: HandlerContext) async throws(EffectError) {
        manager = try await Self.client(SecretsManagerService(), SecretsManagerService.dialect, config, access, context)
        parameters = try await Self.client(ParameterService(), ParameterService.dialect, config, access, context)
        keys = try await Self.client(KMSService(), KMSService.dialect, config, access, context)
    }

    private static func client(
        _ service: some AWSJSONService,
        _ dialect: AWSJSONClient.Dialect,
        _ config: CloudConfig,
        _ access: AWSAccess,
        _ context: HandlerContext
    ) async throws(EffectError) -> AWSJSONClient {
        let errors = HandlerErrors(HTTPEffect.self, handler: service.name)
        return AWSJSONClient(
            service,
            dialect,
            try await AWSConnection.open(service.name, config, access, errors, context),
            config,
            attemptsOfParts: access.attemptsOfParts,
            errors: errors,
            context: context
        )
    }

    /// A secret of Secrets Manager: one request.
    ///
    /// - Parameter name: The secret's name or ARN; its current version counts.
    /// - Returns: The secret's bytes; those of its UTF-8 where it is text.
    /// - Throws: `notFound` for a secret that is not there, `permissionDenied`, and what every request throws.
    public func secret(_ name: String) async throws(EffectError) -> Secret<[UInt8]> {
        let operation = SecretsManagerService.Operation.getSecretValue.effectOperation
        let parts = AWSJSONClient.Parts(resource: name)
        let answer = try await manager.send(operation, ["SecretId": .string(name)], parts, for: "secret")
        if let text = answer.text("SecretString") { return Secret(Array(text.utf8)) }
        guard let bytes = answer.text("SecretBinary").flatMap({ Base64.bytes($0) }) else {
            throw unread(manager, "secret")
        }
        return Secret(bytes)
    }

    /// A parameter of the Parameter Store, decrypted where it is stored encrypted: one request.
    ///
    /// - Parameter name: The parameter's name or ARN; its newest version counts unless the name says another one.
    /// - Returns: The parameter's value.
    /// - Throws: `notFound` for a parameter that is not there, `permissionDenied`, and what every request throws.
    public func parameter(_ name: String) async throws(EffectError) -> Secret<String> {
        let operation = ParameterService.Operation.getParameter.effectOperation
        let input: JSONValue = ["Name": .string(name), "WithDecryption": .boolean(true)]
        let answer = try await parameters.send(operation, input, .init(resource: name), for: "parameter")
        guard let value = answer["Parameter"]?.text("Value") else { throw unread(parameters, "parameter") }
        return Secret(value)
    }

    /// Encrypts a data key by a key that KMS does not hand out: one request.
    ///
    /// - Parameters:
    ///   - dataKey: The data key, at most 4096 bytes.
    ///   - key: The id, ARN or alias of KMS's key.
    ///   - purpose: What the data key is for; who unwraps it says the same. It stands in AWS's logs.
    /// - Returns: The wrapped key, to be stored beside what the data key encrypts.
    /// - Throws: `notFound` for a key that is not there, `permissionDenied`, and what every request throws.
    public func wrap(
        _ dataKey: Secret<[UInt8]>,
        by key: String,
        purpose: [String: String] = [:]
    ) async throws(EffectError) -> [UInt8] {
        let plain = dataKey.withExposedValue { Base64.string($0) }
        let operation = KMSService.Operation.encrypt.effectOperation
        let input = Self.input(key, purpose, [("Plaintext", .string(plain))])
        let answer = try await keys.send(operation, input, .init(resource: key), for: "wrap")
        guard let wrapped = answer.text("CiphertextBlob").flatMap({ Base64.bytes($0) }) else {
            throw unread(keys, "wrap")
        }
        return wrapped
    }

    /// Decrypts a data key: one request.
    ///
    /// - Parameters:
    ///   - wrapped: The wrapped key.
    ///   - key: The id, ARN or alias of the key that wrapped it: one that another key wrapped is refused.
    ///   - purpose: What the data key is for, as ``wrap(_:by:purpose:)`` was told.
    /// - Returns: The data key.
    /// - Throws: `corrupted` for bytes that were wrapped by another key, for another purpose, or were changed; `permissionDenied`,
    ///   and what every request throws.
    public func unwrap(
        _ wrapped: [UInt8],
        by key: String,
        purpose: [String: String] = [:]
    ) async throws(EffectError) -> Secret<[UInt8]> {
        let operation = KMSService.Operation.decrypt.effectOperation
        let input = Self.input(key, purpose, [("CiphertextBlob", .string(Base64.string(wrapped)))])
        let answer = try await keys.send(operation, input, .init(resource: key), for: "unwrap")
        guard let plain = answer.text("Plaintext").flatMap({ Base64.bytes($0) }) else { throw unread(keys, "unwrap") }
        return Secret(plain)
    }

    private static func input(
        _ key: String,
        _ purpose: [String: String],
        _ members: [(String, JSONValue?)]
    ) -> JSONValue {
        let context = JSONValue.members(purpose.map { ($0.key, .string($0.value)) })
        return .members(
            [("KeyId", .string(key)), ("EncryptionContext", purpose.isEmpty ? nil : context)] + members
        )
    }

    private func unread(_ client: AWSJSONClient, _ method: String) -> EffectError {
        let message = "The answer has not what was asked for: see whether the endpoint is that of the service."
        return client.errors.error(.unavailable, in: method, message, isRetryable: false)
    }

    /// Ends what is under way.
    public func stop() async {
        await manager.executor.stop()
        await parameters.executor.stop()
        await keys.executor.stop()
    }
}
#endif
