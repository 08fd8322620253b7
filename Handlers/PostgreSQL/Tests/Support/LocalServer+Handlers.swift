#if PostgreSQL
internal import AuraEffects
internal import AuraPostgreSQL
internal import AuraRuntime
internal import AuraSystem
internal import Logging

extension LocalServer {
    /// How the server is reached, as a profile would say it.
    ///
    /// - Parameters:
    ///   - schema: The schema of the tables.
    ///   - port: Another port, such as that of a ``FaultProxy``.
    func configuration(_ schema: String, port: Int? = nil) -> PostgreSQLConfiguration {
        var configuration = PostgreSQLConfiguration(
            servers: [.init(host: host, port: port ?? self.port)],
            database: database,
            user: user,
            password: Secret(password),
            budget: HandlerContext.system().budget
        )
        configuration.schema = schema
        configuration.tls = rootCertificate == nil ? .disable : .verifyFull
        configuration.rootCertificate = rootCertificate
        return configuration
    }

    /// Opens a journal.
    func journal(
        _ schema: String,
        port: Int? = nil,
        _ change: (inout PostgreSQLConfiguration) -> Void = { _ in }
    ) async throws(EffectError) -> PostgreSQLJournalHandler {
        var configuration = configuration(schema, port: port)
        change(&configuration)
        return try await PostgreSQLJournalHandler.open(configuration, HandlerContext.system())
    }
}
#endif
