#if PostgreSQL
public import AuraEffects
public import AuraRuntime

/// How a database is reached, and how it is used.
public struct PostgreSQLConfiguration: Sendable {
    /// A server that may hold the database.
    public struct Server: Sendable, Hashable, CustomStringConvertible {
        /// A name, an address, or the folder of a Unix socket.
        public var host: String
        /// The port.
        public var port: Int

        /// Creates a server.
        public init(host: String, port: Int = 5432) {
            self.host = host
            self.port = port
        }

        /// Host and port with a colon between them.
        public var description: String { "\(host):\(port)" }
    }

    /// How far the server's identity is checked.
    public enum TLS: String, Sendable, Hashable, CaseIterable {
        /// Its certificate is signed by the root certificate and made for the host that was asked for.
        case verifyFull = "verify-full"
        /// Its certificate is signed by the root certificate.
        case verifyCA = "verify-ca"
        /// Encrypted, to whoever answers.
        case require
        /// Not encrypted.
        case disable
    }

    /// What kind of server a session is for.
    public enum TargetSession: String, Sendable, Hashable, CaseIterable {
        /// One that takes writes.
        case readWrite = "read-write"
        /// A primary.
        case primary
        /// A standby.
        case standby
        /// Any.
        case any
    }

    /// Who brings the tables up to date.
    public enum Migrations: String, Sendable, Hashable, CaseIterable {
        /// The handler, when it starts.
        case automatic
        /// An operator, with `aura database migrate`.
        case manual
    }

    /// The servers in the order in which they are tried.
    public var servers: [Server]
    /// The database's name.
    public var database: String
    /// The role to log in as.
    public var user: String
    /// Its password; `nil` where the server asks for none.
    public var password: Secret<String>?
    /// The PostgreSQL schema that holds the tables.
    public var schema: String
    /// How far the server's identity is checked.
    public var tls: TLS
    /// The file with the certificates of trusted authorities; `nil` for the system's.
    public var rootCertificate: String?
    /// Whether the password's exchange must be bound to the TLS session (RFC 5802, RFC 5929).
    public var requiresChannelBinding: Bool
    /// What kind of server the sessions are for.
    public var targetSession: TargetSession
    /// How long an attempt to connect to one server may take.
    public var connectTimeout: Duration
    /// How long a statement may take.
    public var statementTimeout: Duration
    /// How long a statement waits for another transaction's lock.
    public var lockTimeout: Duration
    /// How long a caller waits for a connection.
    public var waitTimeout: Duration
    /// How long a connection that nobody needs is kept.
    public var idleTimeout: Duration
    /// The most connections of one handler, all together.
    public var connections: Int
    /// The most bytes that one group of appends or writes holds; a larger one is a group of its own.
    public var batch: ByteCount
    /// The most bytes of payload in one page.
    public var page: ByteCount
    /// The most appends or writes that wait; one more is refused.
    public var queueLength: Int
    /// How often subscribers look for what other processes have committed.
    public var pollInterval: Duration
    /// Who brings the tables up to date.
    public var migrations: Migrations

    /// Creates a configuration with the defaults that profiles have.
    ///
    /// - Parameters:
    ///   - servers: The servers in the order in which they are tried.
    ///   - database: The database's name.
    ///   - user: The role to log in as.
    ///   - password: Its password.
    ///   - budget: Gives batch, page and connections.
    public init(
        servers: [Server],
        database: String,
        user: String,
        password: Secret<String>?,
        budget: ResourceBudget
    ) {
        self.servers = servers
        self.database = database
        self.user = user
        self.password = password
        schema = "aura"
        tls = .verifyFull
        rootCertificate = nil
        requiresChannelBinding = true
        targetSession = .readWrite
        connectTimeout = .seconds(10)
        statementTimeout = .seconds(60)
        lockTimeout = .seconds(30)
        waitTimeout = .seconds(30)
        idleTimeout = .seconds(300)
        connections = budget.readerCount + 2
        batch = budget.writeBatch
        page = ByteCount(bytes: max(256 * 1024, budget.journalCache.bytes / 4))
        queueLength = 4096
        pollInterval = .milliseconds(100)
        migrations = .automatic
    }

    /// The most bytes of payloads or values that one statement carries: PostgreSQL takes messages of up to 1 GiB.
    static let statementBytes = 512 * 1024 * 1024

    /// What messages call the database: nothing in it is secret.
    var displayName: String {
        "database '\(database)' on \(servers.map(\.description).joined(separator: ", "))"
    }

    /// The schema as SQL names it.
    var quotedSchema: String {
        "\"" + schema.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }

    func place(_ effect: String, _ operation: String) -> PostgreSQLPlace {
        PostgreSQLPlace(effect: effect, operation: operation, database: displayName)
    }

    /// A queue of what waits to be committed in groups.
    func workQueue<Work: QueuedWork>(
        of noun: String,
        errors: HandlerErrors,
        metrics: HandlerMetrics
    ) -> WorkQueue<Work> {
        WorkQueue(
            of: noun,
            countLimit: queueLength,
            byteLimit: max(page.bytes, batch.bytes),
            errors: errors,
            metrics: metrics.queue(noun)
        )
    }
}
#endif
