#if PostgreSQL
internal import AuraEffects
internal import AuraPostgreSQL
internal import AuraRuntime
internal import AuraSystem
internal import Logging

extension LocalServer {
    private static let encryptedServer = Result { try LocalServer(Options(tls: true)) }

    /// One that all tests share and that takes nothing but TLS.
    static var encrypted: LocalServer {
        get throws { try encryptedServer.get() }
    }

    /// A configuration for this server, with a PostgreSQL schema that nobody else uses unless one is named.
    func configuration(schema: String? = nil) -> PostgreSQLConfiguration {
        var configuration = PostgreSQLConfiguration(
            servers: [.init(host: host, port: port)],
            database: database,
            user: user,
            password: Secret(password),
            budget: HandlerContext.test().budget
        )
        configuration.schema = schema ?? newSchema()
        configuration.tls = rootCertificate == nil ? .disable : .verifyFull
        configuration.rootCertificate = rootCertificate
        return configuration
    }
}

extension PostgreSQLConfiguration {
    /// One of no server, for what does not connect.
    static var unconnected: PostgreSQLConfiguration {
        PostgreSQLConfiguration(
            servers: [],
            database: "",
            user: "",
            password: nil,
            budget: HandlerContext.test().budget
        )
    }
}

extension HandlerContext {
    /// A context with the system's clock and random source.
    static func test(time: any TimeEffects = SystemTimeHandler()) -> HandlerContext {
        HandlerContext(
            budget: ResourceBudget(memoryLimit: .mebibytes(256), cpuQuota: 0.3, ioQuota: .mebibytes(10)),
            time: time,
            random: SystemRandomHandler(),
            logger: Logger(label: "test")
        )
    }
}

/// The error that `body` throws.
func thrownError(_ body: () async throws(EffectError) -> Void) async -> EffectError? {
    do throws(EffectError) {
        try await body()
        return nil
    } catch {
        return error
    }
}

extension Result where Failure == any Error {
    /// The error, where it is one.
    var effectError: EffectError? {
        guard case .failure(let error) = self else { return nil }
        return error as? EffectError
    }
}
#endif
