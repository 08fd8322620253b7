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
        return try await assume(role, STSService.Operation.assumeRole, [], auth)
    }

    /// Assumes a role by the token of a web identity.
    func assume(_ role: Role, webIdentity token: Secret<String>) async throws(EffectError) -> AWSCredentials {
        let parameter = ("WebIdentityToken", token.withExposedValue { $0 })
        return try await assume(role, STSService.Operation.assumeRoleWithWebIdentity, [parameter], NoAuthProvider())
    }

    private func assume(
        _ role: Role,
        _ operation: STSService.Operation,
        _ more: [(String, String)],
        _ auth: any AuthProvider
    ) async throws(EffectError) -> AWSCredentials {
        let executor = OperationExecutor(STSService(), Self.config, auth: auth, context: context)
        let client = AWSQueryClient(STSService(), executor, endpoint, errors: Self.errors)
        let result: Result<AWSCredentials, EffectError>
        do throws(EffectError) {
            result = .success(try await assume(role, operation, more, client))
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
        _ operation: STSService.Operation,
        _ more: [(String, String)],
        _ client: AWSQueryClient
    ) async throws(EffectError) -> AWSCredentials {
        var parameters = [("RoleArn", role.arn), ("RoleSessionName", role.session)]
        if let id = role.externalID { parameters.append(("ExternalId", id)) }
        if let seconds = role.seconds { parameters.append(("DurationSeconds", String(seconds))) }
        // Assuming a role changes nothing that repeating it would change twice.
        let answer = try await client.send(operation.effectOperation, parameters + more, for: operation.rawValue)
        guard let found = answer["Credentials"], let id = found.text("AccessKeyId"),
            let secret = found.text("SecretAccessKey"), let token = found.text("SessionToken"),
            let expires = found.text("Expiration").flatMap({ HTTPDate.isoTime($0) })
        else {
            let message = "The answer has no credentials: see whether the endpoint is that of STS."
            throw Self.errors.error(.unavailable, in: operation.rawValue, message)
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
struct STSService: AWSQueryService {
    enum Operation: String, AWSOperation {
        case assumeRole = "AssumeRole"
        case assumeRoleWithWebIdentity = "AssumeRoleWithWebIdentity"
        case getCallerIdentity = "GetCallerIdentity"

        static let service = "sts"
    }

    let name = "sts"
    let version = "2011-06-15"
    // The words of a refused token may quote it.
    let mayBeQuoted = false
    var operations: [EffectOperation] { Operation.catalogue }

    func judge(_ name: String) -> AWSJudgement? { nil }
}
#endif
