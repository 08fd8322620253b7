#if AWS
internal import AuraCloud
internal import AuraEffects
internal import AuraRuntime

/// Credentials that a container's agent hands out.
///
/// Source: AWS, "Container credential provider" (AWS SDKs and Tools Reference Guide).
struct ContainerCredentials: CredentialsSource {
    let name = "container"
    let environment: AWSEnvironment

    func credentials() async throws(EffectError) -> AWSCredentials? {
        let variables = environment.variables
        let url: HTTPURL
        if let path = variables.nonEmpty("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") {
            guard path.hasPrefix("/"), let made = HTTPURL("http://169.254.170.2\(path)") else {
                throw Self.failure("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI is no path")
            }
            url = made
        } else if let text = variables.nonEmpty("AWS_CONTAINER_CREDENTIALS_FULL_URI") {
            guard let given = HTTPURL(text), given.scheme == .https || Self.isLocal(given.host) else {
                throw Self.failure(
                    "AWS_CONTAINER_CREDENTIALS_FULL_URI names neither an https address nor this machine"
                )
            }
            url = given
        } else {
            return nil
        }
        let token = try await token()
        let client = MetadataClient(context: environment.context)
        return try await client.credentials { (send) async throws(EffectError) in
            try await send(Self.request(url, token))
        }
    }

    private static func request(_ url: HTTPURL, _ token: Secret<String>?) -> HTTPRequest {
        var request = HTTPRequest(.get, url)
        if let token {
            request.fields.append(HTTPField("authorization", token.withExposedValue { $0 }, isSecret: true))
        }
        return request
    }

    private func token() async throws(EffectError) -> Secret<String>? {
        if let file = environment.variables.nonEmpty("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE") {
            return try await environment.token(in: file)
        }
        return environment.variables.nonEmpty("AWS_CONTAINER_AUTHORIZATION_TOKEN").map { Secret($0) }
    }

    /// Without TLS a token goes to the machine itself and to the agents of ECS and EKS alone.
    private static func isLocal(_ host: String) -> Bool {
        host == "localhost" || host == "[::1]" || host == "[fd00:ec2::23]" || host == "169.254.170.2"
            || host == "169.254.170.23"
            || host.hasPrefix("127.") && host.split(separator: ".").count == 4
                && host.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }
    }

    private static func failure(_ message: String) -> EffectError {
        EffectError(.unauthenticated, "\(message): see how the container's agent is set up.", isRetryable: false)
    }
}

/// Credentials of the role of the machine, by version 2 of the instance metadata service.
///
/// Source: AWS, "Use IMDS to access instance metadata" (Amazon EC2 User Guide).
struct InstanceMetadataCredentials: CredentialsSource {
    let name = "instance metadata"
    let environment: AWSEnvironment

    private static let path = "/latest/meta-data/iam/security-credentials/"

    func credentials() async throws(EffectError) -> AWSCredentials? {
        let variables = environment.variables
        if variables["AWS_EC2_METADATA_DISABLED"]?.lowercased() == "true" { return nil }
        let text = variables.nonEmpty("AWS_EC2_METADATA_SERVICE_ENDPOINT") ?? "http://169.254.169.254"
        guard let endpoint = HTTPURL(text) else {
            throw EffectError(
                .unauthenticated,
                "AWS_EC2_METADATA_SERVICE_ENDPOINT is no http address.",
                isRetryable: false
            )
        }
        let client = MetadataClient(context: environment.context)
        do throws(EffectError) {
            return try await client.credentials { (send) async throws(EffectError) in
                var request = HTTPRequest(.put, endpoint.appending("/latest/api/token"))
                request.fields["x-aws-ec2-metadata-token-ttl-seconds"] = "21600"
                let token = try await client.text(of: try await send(request))
                func get(_ path: String) async throws(EffectError) -> HTTPResponse {
                    var request = HTTPRequest(.get, endpoint.appending(path))
                    request.fields.append(HTTPField("x-aws-ec2-metadata-token", token, isSecret: true))
                    return try await send(request)
                }
                let roles = try await client.text(of: try await get(Self.path))
                let role = roles.split(whereSeparator: \.isNewline).first.map { String($0) } ?? ""
                return try await get(Self.path + PercentEncoding.encode(role))
            }
        } catch {
            // Most machines are no instances: nothing answers, or something that is no metadata service.
            switch error.code {
            case .unavailable, .deadlineExceeded, .notFound: return nil
            default: throw error
            }
        }
    }
}

extension HTTPURL {
    /// The address of a path below this one's.
    func appending(_ path: String) -> HTTPURL {
        var url = self
        url.path = (url.path.hasSuffix("/") ? String(url.path.dropLast()) : url.path) + path
        return url
    }
}
#endif
