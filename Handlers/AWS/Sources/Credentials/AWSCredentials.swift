#if AWS
public import AuraCloud
public import AuraEffects

/// What a request is signed with.
///
/// Its description shows the access key's id alone, which is no secret.
public struct AWSCredentials: ExpiringCredentials, CustomStringConvertible {
    /// The access key's id.
    public let accessKeyID: String

    /// The access key's secret.
    public let secretAccessKey: Secret<String>

    /// The token of temporary credentials; `nil` for those that last.
    public let sessionToken: Secret<String>?

    /// When they end; `nil` for never.
    public let expires: WallTime?

    /// Creates credentials.
    ///
    /// - Parameters:
    ///   - accessKeyID: The access key's id.
    ///   - secretAccessKey: The access key's secret.
    ///   - sessionToken: The token of temporary credentials.
    ///   - expires: When they end.
    public init(
        accessKeyID: String,
        secretAccessKey: Secret<String>,
        sessionToken: Secret<String>? = nil,
        expires: WallTime? = nil
    ) {
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
        self.sessionToken = sessionToken
        self.expires = expires
    }

    /// Such as `credentials of AKIA…`.
    public var description: String { "credentials of \(accessKeyID)" }
}

/// A place where credentials may be found.
protocol CredentialsSource: Sendable {
    /// What messages call it, such as `environment variables`.
    var name: String { get }

    /// Fetches credentials.
    ///
    /// - Returns: The credentials; `nil` where nothing points to this place.
    /// - Throws: ``EffectError`` where something does, and they cannot be had.
    func credentials() async throws(EffectError) -> AWSCredentials?
}

/// The first place of several where there are credentials.
struct CredentialsChain: CredentialsSource {
    let sources: [any CredentialsSource]

    var name: String { sources.map(\.name).joined(separator: ", ") }

    func credentials() async throws(EffectError) -> AWSCredentials? {
        for source in sources {
            if let found = try await source.credentials() { return found }
        }
        return nil
    }

    /// Credentials, or an error that says where they were looked for.
    func found() async throws(EffectError) -> AWSCredentials {
        if let found = try await credentials() { return found }
        throw EffectError(
            .unauthenticated,
            "There are no AWS credentials; looked at: \(name). Set 'accessKeyID' and 'secretAccessKey', or give the process "
                + "one of these.",
            isRetryable: false
        )
    }
}

/// Credentials that are given.
struct StaticCredentials: CredentialsSource {
    let name = "settings"
    let given: AWSCredentials

    func credentials() async throws(EffectError) -> AWSCredentials? { given }
}

/// Credentials of environment variables.
struct EnvironmentCredentials: CredentialsSource {
    let name = "environment variables"
    let variables: [String: String]

    func credentials() async throws(EffectError) -> AWSCredentials? {
        guard let id = variables.nonEmpty("AWS_ACCESS_KEY_ID"),
            let secret = variables.nonEmpty("AWS_SECRET_ACCESS_KEY")
        else { return nil }
        return AWSCredentials(
            accessKeyID: id,
            secretAccessKey: Secret(secret),
            sessionToken: variables.nonEmpty("AWS_SESSION_TOKEN").map { Secret($0) }
        )
    }
}

extension [String: String] {
    /// The value of a variable that is set to something.
    func nonEmpty(_ name: String) -> String? {
        self[name].flatMap { $0.isEmpty ? nil : $0 }
    }
}
#endif
