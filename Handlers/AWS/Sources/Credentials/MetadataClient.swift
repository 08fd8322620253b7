#if AWS
internal import AuraCloud
internal import AuraEffects
internal import AuraRuntime

/// Asks the services on a machine that hand out credentials as JSON.
struct MetadataClient: Sendable {
    typealias Send = @Sendable (HTTPRequest) async throws(EffectError) -> HTTPResponse

    let context: HandlerContext

    private static let errors = HandlerErrors(HTTPEffect.self, handler: "metadata")
    private static let mostAnswerBytes = 65_536
    // The services are on the machine: what does not answer within a second is not there.
    private static let config = CloudConfig().timeout(.seconds(5)).attemptTimeout(.seconds(1))
        .retryPolicy(.exponential(3))

    /// Fetches credentials.
    ///
    /// - Parameter exchange: Sends what has to be sent, and returns the answer that has the credentials.
    /// - Returns: The credentials.
    /// - Throws: ``EffectError`` of an exchange, or where the answer has none.
    func credentials(
        _ exchange: (Send) async throws(EffectError) -> HTTPResponse
    ) async throws(EffectError) -> AWSCredentials {
        let executor = OperationExecutor(MetadataService(), Self.config, auth: NoAuthProvider(), context: context)
        let call = CloudCall(
            MetadataService.fetch,
            isIdempotent: true,
            changes: false,
            errors: Self.errors,
            method: "credentials"
        )
        let send: Send = { (request) async throws(EffectError) in
            try await executor.send(call) { () throws(EffectError) in request }
        }
        let result: Result<AWSCredentials, EffectError>
        do throws(EffectError) {
            result = .success(try parse(try await bytes(of: try await exchange(send))))
        } catch {
            result = .failure(error)
        }
        await executor.stop()
        return try result.get()
    }

    /// The text of an answer.
    func text(of response: HTTPResponse) async throws(EffectError) -> String {
        String(decoding: try await bytes(of: response), as: UTF8.self).trimmingBlanks()
    }

    private func bytes(of response: HTTPResponse) async throws(EffectError) -> [UInt8] {
        try await response.body.bytes(atMost: Self.mostAnswerBytes)
    }

    private func parse(_ bytes: [UInt8]) throws(EffectError) -> AWSCredentials {
        guard case .object(let members) = try? JSONParser.parse(bytes) else { throw Self.noCredentials }
        func text(_ name: String) -> String? {
            guard case .string(let text) = members[name], !text.isEmpty else { return nil }
            return text
        }
        guard let id = text("AccessKeyId"), let secret = text("SecretAccessKey") else { throw Self.noCredentials }
        return AWSCredentials(
            accessKeyID: id,
            secretAccessKey: Secret(secret),
            sessionToken: text("Token").map { Secret($0) },
            expires: text("Expiration").flatMap { HTTPDate.isoTime($0) }
        )
    }

    private static var noCredentials: EffectError {
        errors.error(.unauthenticated, in: "credentials", "The metadata service answered without credentials.")
    }
}

/// A metadata service, as the executor needs to know it.
struct MetadataService: CloudService {
    static let fetch = EffectOperation(effect: "metadata", name: "fetch", index: 0, idempotency: .always)

    let name = "metadata"
    var operations: [EffectOperation] { [Self.fetch] }

    func fault(_ response: HTTPResponse, body: [UInt8]) -> ServiceFault {
        ServiceFault(AWSFault.code(named: "", status: response.status), name: "", of: response)
    }
}
#endif
