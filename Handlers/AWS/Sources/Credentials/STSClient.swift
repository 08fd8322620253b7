#if AWS
internal import AuraCloud
internal import AuraEffects
internal import AuraRuntime

/// The requests to AWS's Security Token Service that credentials are fetched by.
///
/// Source: AWS Security Token Service API Reference, version 2011-06-15.
struct STSClient: Sendable {
    /// A role to assume.
    struct Role: Sendable {
        var arn: String
        var session: String
        var externalID: String?
        var seconds: Int?

        init(_ arn: String, session: String) {
            self.arn = arn
            self.session = session
        }
    }

    let region: String
    let endpoint: HTTPURL
    let context: HandlerContext

    private static let errors = HandlerErrors(HTTPEffect.self, handler: "sts")
    private static let mostAnswerBytes = 1 << 18

    /// Where the service of a region is.
    static func endpoint(of region: String) -> HTTPURL {
        HTTPURL(.https, host: "sts.\(region).\(AWSAddress.domain(of: region))")
    }

    /// Assumes a role with credentials.
    func assume(_ role: Role, with credentials: AWSCredentials) async throws(EffectError) -> AWSCredentials {
        let signer = SigV4Signer(service: "sts", region: region)
        let fixed = RefreshingCredentials<AWSCredentials>(time: context.time) { () async throws(EffectError) in
            credentials
        }
        let auth = AWSAuthProvider(signer: signer, credentials: fixed, time: context.time)
        return try await assume(role, STSService.assumeRole, [], auth)
    }

    /// Assumes a role by the token of a web identity.
    func assume(_ role: Role, webIdentity token: Secret<String>) async throws(EffectError) -> AWSCredentials {
        let parameter = ("WebIdentityToken", token.withExposedValue { $0 })
        return try await assume(role, STSService.assumeRoleWithWebIdentity, [parameter], NoAuthProvider())
    }

    private func assume(
        _ role: Role,
        _ operation: EffectOperation,
        _ more: [(String, String)],
        _ auth: any AuthProvider
    ) async throws(EffectError) -> AWSCredentials {
        let executor = OperationExecutor(STSService(), Self.config, auth: auth, context: context)
        let result: Result<AWSCredentials, EffectError>
        do throws(EffectError) {
            result = .success(try await assume(role, operation, more, executor))
        } catch {
            result = .failure(error)
        }
        await executor.stop()
        return try result.get()
    }

    private static let config = CloudConfig().timeout(.seconds(30)).attemptTimeout(.seconds(10))
        .retryPolicy(.exponential(4))

    private func assume(
        _ role: Role,
        _ operation: EffectOperation,
        _ more: [(String, String)],
        _ executor: OperationExecutor
    ) async throws(EffectError) -> AWSCredentials {
        var parameters = [
            ("Action", operation.name), ("Version", "2011-06-15"), ("RoleArn", role.arn),
            ("RoleSessionName", role.session),
        ]
        if let id = role.externalID { parameters.append(("ExternalId", id)) }
        if let seconds = role.seconds { parameters.append(("DurationSeconds", String(seconds))) }
        let form = (parameters + more).map { "\($0)=\(PercentEncoding.encode($1))" }.joined(separator: "&")
        let body = Array(form.utf8)
        // Assuming a role changes nothing that repeating it would change twice.
        let call = CloudCall(operation, isIdempotent: true, changes: false, errors: Self.errors, method: operation.name)
        let response = try await executor.send(call) { [endpoint] () throws(EffectError) in
            var request = HTTPRequest(.post, endpoint, body: ByteStream(body))
            request.fields["content-type"] = "application/x-www-form-urlencoded; charset=utf-8"
            request.fields["accept-encoding"] = "identity"
            request.fields["x-amz-content-sha256"] = SHA256.hash(body).description
            return request
        }
        let answer = try await response.body.bytes(atMost: Self.mostAnswerBytes)
        let document = try? XMLReader.read(answer)
        guard let found = document?["\(operation.name)Result"]?["Credentials"],
            let id = found.text("AccessKeyId"), let secret = found.text("SecretAccessKey"),
            let token = found.text("SessionToken"),
            let expires = found.text("Expiration").flatMap({ HTTPDate.isoTime($0) })
        else {
            let message = "The answer has no credentials: see whether the endpoint is that of STS."
            throw Self.errors.error(.unavailable, in: operation.name, message)
        }
        return AWSCredentials(
            accessKeyID: id,
            secretAccessKey: Secret(secret),
            sessionToken: Secret(token),
            expires: expires
        )
    }
}

/// The Security Token Service, as the executor needs to know it.
struct STSService: CloudService {
    static let assumeRole = EffectOperation(effect: "sts", name: "AssumeRole", index: 0, idempotency: .always)
    static let assumeRoleWithWebIdentity = EffectOperation(
        effect: "sts",
        name: "AssumeRoleWithWebIdentity",
        index: 1,
        idempotency: .always
    )

    let name = "sts"
    var operations: [EffectOperation] { [Self.assumeRole, Self.assumeRoleWithWebIdentity] }

    func fault(_ response: HTTPResponse, body: [UInt8]) -> ServiceFault {
        let document = try? XMLReader.read(body)
        let error = document?["Error"] ?? document
        let name = error?.text("Code") ?? ""
        return ServiceFault(
            AWSFault.code(named: name, status: response.status),
            name: name,
            // The words of a refused token may quote it.
            of: response,
            requestID: document?.text("RequestId") ?? response.fields["x-amzn-requestid"] ?? ""
        )
    }
}
#endif
