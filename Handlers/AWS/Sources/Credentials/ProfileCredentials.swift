#if AWS
internal import AuraCloud
internal import AuraEffects
internal import AuraRuntime

/// Credentials of a profile of the shared files: its own, or those of a role that it assumes.
struct ProfileCredentials: CredentialsSource {
    let name = "shared config and credentials files"
    let environment: AWSEnvironment
    /// The profile; `nil` for `AWS_PROFILE`, or `default`.
    let profile: String?

    func credentials() async throws(EffectError) -> AWSCredentials? {
        let profiles = try await environment.profiles()
        let named = profile ?? environment.variables.nonEmpty("AWS_PROFILE")
        let name = named ?? "default"
        guard profiles.settings[name] != nil else {
            guard named != nil else { return nil }
            let message = "has no section in the shared config and credentials files; add it, or name another one"
            throw Self.failure(name, message)
        }
        return try await credentials(of: name, in: profiles, above: [])
    }

    private func credentials(
        of name: String,
        in profiles: SharedProfiles,
        above: [String]
    ) async throws(EffectError) -> AWSCredentials? {
        guard let settings = profiles.settings[name] else {
            throw Self.failure(name, "has no section in the shared files, and '\(above.last ?? "")' names it")
        }
        guard let role = settings.nonEmpty("role_arn"), above.last != name else {
            return try keys(of: name, settings)
        }
        guard !above.contains(name) else { throw Self.failure(name, "names itself by 'source_profile'") }
        if settings.nonEmpty("mfa_serial") != nil {
            throw Self.failure(name, "asks for a second factor, which no service can type: use another profile")
        }
        var request = STSClient.Role(
            role,
            session: settings.nonEmpty("role_session_name") ?? environment.sessionName
        )
        request.externalID = settings.nonEmpty("external_id")
        request.seconds = settings.nonEmpty("duration_seconds").flatMap { Int($0) }
        if let file = settings.nonEmpty("web_identity_token_file") {
            return try await environment.sts.assume(request, webIdentity: try await environment.token(in: file))
        }
        let source: AWSCredentials?
        if let name = settings.nonEmpty("credential_source") {
            source = try await environment.source(named: name)?.credentials()
        } else {
            let sourceName = settings.nonEmpty("source_profile") ?? name
            source = try await credentials(of: sourceName, in: profiles, above: above + [name])
        }
        guard let source else { throw Self.failure(name, "assumes a role, and there are no credentials to do it with") }
        return try await environment.sts.assume(request, with: source)
    }

    private func keys(
        of name: String,
        _ settings: [String: String]
    ) throws(EffectError) -> AWSCredentials? {
        if let id = settings.nonEmpty("aws_access_key_id"), let secret = settings.nonEmpty("aws_secret_access_key") {
            return AWSCredentials(
                accessKeyID: id,
                secretAccessKey: Secret(secret),
                sessionToken: settings.nonEmpty("aws_session_token").map { Secret($0) }
            )
        }
        let unsupported = ["sso_session", "sso_start_url", "credential_process", "login_session"]
        if let key = unsupported.first(where: { settings[$0] != nil }) {
            throw Self.failure(name, "signs in by '\(key)', which is not supported: use keys or a role")
        }
        return nil
    }

    private static func failure(_ profile: String, _ message: String) -> EffectError {
        EffectError(.unauthenticated, "The AWS profile \(HandlerErrors.quote(profile)) \(message).", isRetryable: false)
    }
}

/// Credentials of a role that a web identity may assume, which environment variables name.
struct WebIdentityCredentials: CredentialsSource {
    let name = "web identity"
    let environment: AWSEnvironment

    func credentials() async throws(EffectError) -> AWSCredentials? {
        let variables = environment.variables
        guard let file = variables.nonEmpty("AWS_WEB_IDENTITY_TOKEN_FILE"),
            let role = variables.nonEmpty("AWS_ROLE_ARN")
        else { return nil }
        let session = variables.nonEmpty("AWS_ROLE_SESSION_NAME") ?? environment.sessionName
        let token = try await environment.token(in: file)
        return try await environment.sts.assume(STSClient.Role(role, session: session), webIdentity: token)
    }
}
#endif
