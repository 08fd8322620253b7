#if AWS
internal import AuraCloud
internal import AuraEffects
internal import AuraRuntime

/// Where a process finds its credentials and its region: variables, files, and the services that hand credentials out.
struct AWSEnvironment: Sendable {
    let context: HandlerContext
    let variables: [String: String]
    let files: CredentialFiles
    /// The region that is set; `nil` where the process's own counts.
    var region: String?

    /// Creates the environment of this process.
    ///
    /// - Parameters:
    ///   - context: The handler's context, which sends requests.
    ///   - variables: The environment variables; by default the process's.
    init(_ context: HandlerContext, variables: [String: String]? = nil) {
        self.context = context
        self.variables = variables ?? Host.variables
        files = CredentialFiles(executor: context.executors.makeExecutor(label: "aws credentials"))
    }

    /// A name for the sessions of roles: AWS shows it in its logs.
    var sessionName: String { "aura" }

    /// The shared files; empty where there are none.
    func profiles() async throws(EffectError) -> SharedProfiles {
        let home = variables.nonEmpty("HOME") ?? ""
        let config = variables.nonEmpty("AWS_CONFIG_FILE") ?? "\(home)/.aws/config"
        let credentials = variables.nonEmpty("AWS_SHARED_CREDENTIALS_FILE") ?? "\(home)/.aws/credentials"
        return SharedProfiles(
            config: try await files.text(of: config) ?? "",
            credentials: try await files.text(of: credentials) ?? ""
        )
    }

    /// The token in a file, read anew each time: its owner replaces it.
    func token(in file: String) async throws(EffectError) -> Secret<String> {
        guard let text = try await files.text(of: file)?.trimmingBlanks(), !text.isEmpty else {
            let message = "The file \(HandlerErrors.quote(file)) has no token: see what should write it."
            throw EffectError(.unauthenticated, message, isRetryable: false)
        }
        return Secret(text)
    }

    /// The region: that of the settings, of the variables, or of the profile; `nil` where none says one.
    func findRegion(profile: String?) async throws(EffectError) -> String? {
        if let found = region ?? variables.nonEmpty("AWS_REGION") ?? variables.nonEmpty("AWS_DEFAULT_REGION") {
            return found
        }
        let name = profile ?? variables.nonEmpty("AWS_PROFILE") ?? "default"
        return try await profiles().settings[name]?.nonEmpty("region")
    }

    var sts: STSClient {
        let region =
            region ?? variables.nonEmpty("AWS_REGION") ?? variables.nonEmpty("AWS_DEFAULT_REGION") ?? "us-east-1"
        let given = variables.nonEmpty("AWS_ENDPOINT_URL_STS") ?? variables.nonEmpty("AWS_ENDPOINT_URL")
        let endpoint = given.flatMap { HTTPURL($0) } ?? STSClient.endpoint(of: region)
        return STSClient(region: region, endpoint: endpoint, context: context)
    }

    /// The place that a profile's `credential_source` names.
    func source(named name: String) throws(EffectError) -> (any CredentialsSource)? {
        switch name {
        case "Environment": EnvironmentCredentials(variables: variables)
        case "Ec2InstanceMetadata": InstanceMetadataCredentials(environment: self)
        case "EcsContainer": ContainerCredentials(environment: self)
        default: nil
        }
    }

    /// Every place in its order; a profile that is set is the only one.
    func chain(profile: String?) -> CredentialsChain {
        if let profile { return CredentialsChain(sources: [ProfileCredentials(environment: self, profile: profile)]) }
        return CredentialsChain(sources: [
            EnvironmentCredentials(variables: variables), WebIdentityCredentials(environment: self),
            ProfileCredentials(environment: self, profile: nil), ContainerCredentials(environment: self),
            InstanceMetadataCredentials(environment: self),
        ])
    }
}
#endif
