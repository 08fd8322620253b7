#if PostgreSQL
internal import Foundation

extension LocalServer {
    /// Opens a connection that no handler knows of.
    func connect(user: String? = nil, password: String? = nil, port: Int? = nil) throws -> PlainConnection {
        var parameters = [
            "host": host, "port": "\(port ?? self.port)", "dbname": database,
            "user": user ?? self.user, "password": password ?? self.password, "sslmode": "disable",
        ]
        if let rootCertificate {
            parameters["sslmode"] = "verify-full"
            parameters["sslrootcert"] = rootCertificate
        }
        return try PlainConnection(parameters)
    }

    /// Runs SQL behind the handlers' backs, on a connection of its own, and returns the rows of the last statement.
    @discardableResult
    func query(_ sql: String, _ parameters: [String?] = []) throws -> [[String?]] {
        try connect().query(sql, parameters)
    }

    /// The number that a query yields.
    func integer(_ sql: String) throws -> Int {
        let rows = try query(sql)
        guard let value = rows.first?.first ?? nil, let number = Int(value) else {
            throw PlainError(message: "no number, but \(rows): \(sql)", state: "")
        }
        return number
    }

    /// Runs SQL as the superuser, and returns what `psql` prints.
    @discardableResult
    func administer(_ sql: String) throws -> String {
        try ServerScript.run(["sql", folder, "-c", sql])
    }

    /// Ends every connection of the role that the tests use, as an administrator does.
    func endConnections() throws {
        try administer("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '\(user)'")
    }
}
#endif
