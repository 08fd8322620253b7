#if PostgreSQL
internal import AuraEffects
internal import AuraPostgreSQL
internal import AuraRuntime
internal import Synchronization
internal import Testing

/// The handlers of a harness, each with the schema that it works in and a role of its own, so that it can be ended alone.
final class HarnessSchemas<Handler: AnyObject & Sendable>: Sendable {
    private struct Opened {
        var handler: Handler
        var schema: String
        var role: String
    }

    private struct State {
        var open: [Opened] = []
        var crashed: [Opened] = []
        var schemas: Set<String> = []
    }

    private let state = Mutex(State())
    private let openHandler: @Sendable (PostgreSQLConfiguration) async throws -> Handler
    private let closeHandler: @Sendable (Handler) async -> Void

    /// Creates a harness's part.
    ///
    /// - Parameters:
    ///   - open: Opens a handler.
    ///   - close: Closes one.
    init(
        open: @escaping @Sendable (PostgreSQLConfiguration) async throws -> Handler,
        close: @escaping @Sendable (Handler) async -> Void
    ) {
        openHandler = open
        closeHandler = close
    }

    func make() async throws -> Handler {
        try await open(TestAdministrator.takeSchema())
    }

    func reopen(_ handler: any Sendable) async throws -> Handler {
        try await change(handler) { _ in }
    }

    /// Ends a handler's sessions and lets it open no further ones.
    func crash(_ handler: any Sendable) async throws -> Handler {
        let opened = try take(handler)
        try await TestAdministrator.end(opened.role)
        state.withLock { $0.crashed.append(opened) }
        return try await open(opened.schema)
    }

    func second(_ handler: any Sendable) async throws -> Handler {
        try await open(schema(of: handler))
    }

    /// Opens a handler again after `body` has changed the tables of its schema.
    func change(_ handler: any Sendable, _ body: (_ schema: String) async throws -> Void) async throws -> Handler {
        let opened = try take(handler)
        await closeHandler(opened.handler)
        try await body(opened.schema)
        return try await open(opened.schema, role: opened.role)
    }

    func schema(of handler: any Sendable) throws -> String {
        try #require(state.withLock { state in state.open.first { $0.handler === handler as AnyObject }?.schema })
    }

    func finish() async {
        let state = state.withLock { $0 }
        for opened in state.open + state.crashed { await closeHandler(opened.handler) }
        do {
            for schema in state.schemas.sorted() { try await TestAdministrator.giveBack(schema) }
            for role in Set((state.open + state.crashed).map(\.role)).sorted() {
                try await TestAdministrator.remove(role)
            }
        } catch {
            Issue.record(error)
        }
    }

    private func open(_ schema: String, role known: String? = nil) async throws -> Handler {
        let role: String
        if let known { role = known } else { role = try await TestAdministrator.makeRole() }
        var configuration = try LocalServer.shared.configuration(schema: schema)
        configuration.user = role
        configuration.password = Secret(TestAdministrator.password)
        // After a crash there is nobody to connect to.
        configuration.waitTimeout = .seconds(5)
        let handler = try await openHandler(configuration)
        state.withLock { state in
            state.open.append(Opened(handler: handler, schema: schema, role: role))
            state.schemas.insert(schema)
        }
        return handler
    }

    private func take(_ handler: any Sendable) throws -> Opened {
        try #require(
            state.withLock { state in
                state.open.firstIndex { $0.handler === handler as AnyObject }.map { state.open.remove(at: $0) }
            }
        )
    }
}
#endif
