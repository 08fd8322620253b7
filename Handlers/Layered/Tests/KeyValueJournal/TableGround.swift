internal import AuraEffects
internal import AuraMemory
internal import AuraRuntime

#if SQLite
internal import AuraSQLite
#endif

/// What a journal over key-values stands on in a test.
protocol TableGround: Sendable {
    /// Where the items of one table lie.
    associatedtype Table: Sendable

    var tableCapabilities: Capabilities { get }

    func newTable() -> Table
    func keyValues(_ table: Table) async throws -> ManagedHandler<any KeyValueEffects>
}

extension MemoryGround: TableGround {
    var tableCapabilities: Capabilities { MemoryKeyValueHandler.capabilities }

    func newTable() -> MemoryKeyValueHandler { MemoryKeyValueHandler(time: HandlerContext.system.time) }
    func keyValues(_ table: MemoryKeyValueHandler) async throws -> ManagedHandler<any KeyValueEffects> {
        ManagedHandler(table)
    }
}

#if SQLite
extension SQLiteGround: TableGround {
    var tableCapabilities: Capabilities { SQLiteKeyValueHandler.capabilities(of: configuration("")) }

    func newTable() -> String { newPlace() }
    func keyValues(_ path: String) async throws -> ManagedHandler<any KeyValueEffects> {
        let handler = try await SQLiteKeyValueHandler.open(configuration(path), .system)
        return ManagedHandler(handler) { await handler.close() }
    }
}
#endif
