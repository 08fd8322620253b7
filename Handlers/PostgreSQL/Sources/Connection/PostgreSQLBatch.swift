#if PostgreSQL
/// Statements that are sent together and answered together: without a `BEGIN` among them, one transaction.
struct PostgreSQLBatch: ~Copyable {
    /// The statements' texts: each is prepared once a connection, so they must not hold values.
    private(set) var statements: [String] = []
    private(set) var parameters: [ParameterBox] = []

    /// Parameters that are not copied; a class, since arrays hold only what can be.
    final class ParameterBox {
        let parameters: PostgreSQLParameters

        init(_ parameters: consuming PostgreSQLParameters) {
            self.parameters = parameters
        }
    }

    mutating func add(_ sql: String) {
        add(sql, PostgreSQLParameters(capacity: 8))
    }

    mutating func add(_ sql: String, _ parameters: consuming PostgreSQLParameters) {
        statements.append(sql)
        self.parameters.append(ParameterBox(parameters))
    }
}
#endif
