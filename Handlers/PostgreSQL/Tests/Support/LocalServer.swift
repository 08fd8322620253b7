#if PostgreSQL
internal import Foundation
internal import Synchronization

/// A PostgreSQL server on loopback that ends with this process, however the process ends.
///
/// Most tests use ``shared`` and a schema of their own in it. One that needs TLS, kills the server or fills its disk
/// starts another.
final class LocalServer: Sendable {
    /// What a server is started with.
    struct Options: Sendable {
        var tls = false
        /// The cluster's size where it is to be on a file system of its own, such as `64M`; needs root.
        var tmpfs: String?
        /// The size of a tablespace `small` on a file system of its own; needs root.
        var tablespace: String?
        /// Settings of `postgresql.conf`, each as `name=value`.
        var settings: [String] = []
    }

    /// The port and the files that the script names.
    private struct Connection: Decodable {
        var host: String
        var port: Int
        var database: String
        var user: String
        var passwordFile: String
        var caFile: String?
    }

    let folder: String
    let host: String
    let port: Int
    let database: String
    let user: String
    let password: String
    /// The file with the certificate that signed the server's, where it was started with TLS.
    let rootCertificate: String?

    private static let started = Result { try LocalServer() }
    private static let count = Atomic(0)
    private let schemas = Atomic(0)

    /// The one server that all tests of this process share, started when the first one asks for it.
    static var shared: LocalServer {
        get throws { try started.get() }
    }

    /// Starts a server of one's own, which is stopped and removed with its last reference.
    convenience init(_ options: Options = Options()) throws {
        var arguments = options.settings.flatMap { ["--setting", $0] }
        if options.tls { arguments.append("--tls") }
        if let size = options.tmpfs { arguments += ["--tmpfs", size] }
        if let size = options.tablespace { arguments += ["--tablespace", size] }
        try self.init("start", arguments)
    }

    /// Starts a copy of a server that follows it; where it is synchronous, a commit on the primary waits for its sync.
    convenience init(following primary: LocalServer, isSynchronous: Bool) throws {
        try self.init("standby", [primary.folder] + (isSynchronous ? ["--synchronous"] : []))
    }

    private init(_ command: String, _ arguments: [String]) throws {
        let number = Self.count.add(1, ordering: .relaxed).newValue
        folder = "\(NSTemporaryDirectory())aura-postgresql-\(getpid())-\(number)"
            .replacingOccurrences(of: "//", with: "/")
        // The primary's folder comes before the standby's.
        let folders = arguments.prefix { !$0.hasPrefix("-") } + [folder]
        let options = arguments.drop { !$0.hasPrefix("-") } + ["--owner", "\(getpid())"]
        let printed = try ServerScript.run([command] + folders + options)
        let connection = try JSONDecoder().decode(Connection.self, from: Data(printed.utf8))
        host = connection.host
        port = connection.port
        database = connection.database
        user = connection.user
        password = try String(contentsOfFile: connection.passwordFile, encoding: .utf8)
        rootCertificate = connection.caFile
    }

    deinit {
        _ = try? ServerScript.run(["stop", folder, "--remove"])
    }

    /// The name of a schema that nobody else uses, and that is still to be made.
    func newSchema() -> String {
        "test_\(schemas.add(1, ordering: .relaxed).newValue)"
    }

    /// The whole URL, with the password; with another port for a ``FaultProxy``.
    func url(port: Int? = nil) -> String {
        "postgresql://\(user):\(password)@\(host):\(port ?? self.port)/\(database)"
    }

    /// Ends every process of the server at once, as a crash does.
    func kill() throws {
        try ServerScript.run(["kill", folder])
    }

    /// Stops the server where it runs and starts it as it was, on the same port.
    func restart() throws {
        try ServerScript.run(["restart", folder])
    }

    /// Stops the server in good order and leaves its data.
    func stop() throws {
        try ServerScript.run(["stop", folder])
    }

    /// Makes a standby a server of its own.
    func promote() throws {
        try ServerScript.run(["promote", folder])
    }
}
#endif
