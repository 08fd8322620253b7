#if AWS
internal import AuraCloud
internal import AuraEffects
internal import AuraRuntime

/// Where one of AWS's services is, and what proves to it who calls.
struct AWSConnection: Sendable {
    /// The service's region.
    let region: String
    /// The service's address: its own one where the configuration says none.
    let endpoint: HTTPURL
    /// What proves who calls.
    let auth: any AuthProvider

    /// Finds a service's region and credentials; no request is sent.
    ///
    /// - Parameters:
    ///   - service: The service's name within hosts and credentials' scopes, such as `sqs`.
    ///   - config: Where the services are.
    ///   - access: What credentials count.
    ///   - errors: Makes the handler's errors.
    ///   - context: The HTTP handler, the clock and the executors.
    /// - Returns: The connection.
    /// - Throws: `invalidArgument` where no region can be found.
    static func open(
        _ service: String,
        _ config: CloudConfig,
        _ access: AWSAccess,
        _ errors: HandlerErrors,
        _ context: HandlerContext
    ) async throws(EffectError) -> AWSConnection {
        var environment = AWSEnvironment(context, variables: access.variables)
        environment.region = config.region?.rawValue
        let found = try await environment.findRegion(profile: access.profile)
        // A service of one's own has no regions, and takes this one.
        guard let region = found ?? (config.endpoint == nil ? nil : "us-east-1") else {
            throw errors.error(.invalidArgument, in: "open", "No region is set: set 'region', or AWS_REGION.")
        }
        guard CloudRegion(rawValue: region).isValid else {
            throw errors.error(.invalidArgument, in: "open", "The region \(HandlerErrors.quote(region)) is none.")
        }
        environment.region = region
        let host = "\(service).\(region).\(AWSAddress.domain(of: region))"
        return AWSConnection(
            region: region,
            endpoint: config.endpoint ?? HTTPURL(.https, host: host),
            auth: config.authProvider ?? authProvider(of: service, access, environment, region: region, context)
        )
    }

    private static func authProvider(
        of service: String,
        _ access: AWSAccess,
        _ environment: AWSEnvironment,
        region: String,
        _ context: HandlerContext
    ) -> AWSAuthProvider {
        let chain =
            access.credentials.map { CredentialsChain(sources: [StaticCredentials(given: $0)]) }
            ?? environment.chain(profile: access.profile)
        let credentials = RefreshingCredentials<AWSCredentials>(time: context.time) { () async throws(EffectError) in
            try await chain.found()
        }
        let signer = SigV4Signer(service: service, region: region)
        return AWSAuthProvider(signer: signer, credentials: credentials, time: context.time)
    }
}
#endif
