#if PostgreSQL
internal import AuraEffects
internal import AuraRuntime

/// Makes a configuration from a handler's settings: what is set on its own wins over the URL.
struct PostgreSQLSettings: Sendable {
    /// The family whose handler is made, for errors.
    let effect: String

    static let declarations: [SettingDeclaration] = [
        .optional(
            "url",
            .secret,
            "postgresql://USER:PASSWORD@HOST:PORT/DATABASE, with several hosts after commas; as a secret, such as "
                + "${secret:DATABASE_URL}."
        ),
        .optional(
            "hosts",
            .string,
            "The servers in the order in which they are tried, such as 'a.example:5432,b.example'."
        ),
        .optional("database", .string, "The database."),
        .optional("user", .string, "The role to log in as."),
        .optional("password", .secret, "Its password."),
        .optional("schema", .string, default: "aura", "The PostgreSQL schema that holds the tables."),
        .optional(
            "tls",
            .choice(PostgreSQLConfiguration.TLS.allCases.map(\.rawValue)),
            "How far the server's identity is checked; 'verify-full' unless the URL says otherwise."
        ),
        .optional(
            "rootCertificate",
            .path,
            "The file with the certificates of trusted authorities; by default the system's."
        ),
        .optional(
            "channelBinding",
            .boolean,
            default: "true",
            "Whether a password is exchanged only bound to the TLS session."
        ),
        .optional(
            "targetSession",
            .choice(PostgreSQLConfiguration.TargetSession.allCases.map(\.rawValue)),
            "What kind of server the sessions are for; 'read-write' unless the URL says otherwise."
        ),
        .optional(
            "connectTimeout",
            .duration,
            default: "10s",
            "How long an attempt to connect to one server may take."
        ),
        .optional("statementTimeout", .duration, default: "60s", "How long a statement may take."),
        .optional(
            "lockTimeout",
            .duration,
            default: "30s",
            "How long a write waits for another transaction; also how long a transaction of this process may stand still."
        ),
        .optional("waitTimeout", .duration, default: "30s", "How long a caller waits for a connection."),
        .optional("connections", .integer(3...1000), "The most connections of the handler; by default the budget's."),
        .optional(
            "batch",
            .byteCount,
            "The most bytes in one group of appends or writes; by default the budget's write batch."
        ),
        .optional("queue", .integer(1...1_000_000), default: "4096", "The most appends or writes that wait."),
        .optional(
            "migrations",
            .choice(PostgreSQLConfiguration.Migrations.allCases.map(\.rawValue)),
            default: "automatic",
            "Who makes the tables and brings them up to date: the handler when it starts, or an operator with 'aura database "
                + "migrate'."
        ),
    ]

    /// The configuration that settings come to.
    ///
    /// - Throws: ``EffectError`` with `invalidArgument`, naming the setting.
    func configuration(
        _ settings: HandlerSettings,
        _ budget: ResourceBudget
    ) throws(EffectError) -> PostgreSQLConfiguration {
        var configuration = Self.tuning(settings, budget)
        if let url = settings.secret("url") { try take(url, into: &configuration) }
        if let hosts = settings.string("hosts") { configuration.servers = try servers(hosts) }
        if let database = settings.string("database") { configuration.database = database }
        if let user = settings.string("user") { configuration.user = user }
        if let password = settings.secret("password") { configuration.password = password }
        if let word = settings.string("tls"), let tls = PostgreSQLConfiguration.TLS(rawValue: word) {
            configuration.tls = tls
        }
        if let file = settings.string("rootCertificate") { configuration.rootCertificate = file }
        if let word = settings.string("targetSession"),
            let target = PostgreSQLConfiguration.TargetSession(rawValue: word)
        {
            configuration.targetSession = target
        }
        try check(configuration)
        return configuration
    }

    private func check(_ configuration: PostgreSQLConfiguration) throws(EffectError) {
        let missing =
            if configuration.servers.isEmpty {
                "server: set 'url' or 'hosts'"
            } else if configuration.database.isEmpty {
                "database: set 'url' or 'database'"
            } else if configuration.user.isEmpty {
                "user: set 'url' or 'user'"
            } else {
                String?.none
            }
        if let missing { throw refusal("The settings name no \(missing).") }
        try checkTimes(configuration)
        let schema = configuration.schema
        let isName =
            (1...41).contains(schema.utf8.count)
            && schema.utf8.allSatisfy { $0 == UInt8(ascii: "_") || (97...122).contains($0) || (48...57).contains($0) }
            && !(48...57).contains(schema.utf8.first ?? 48)
        guard isName else {
            throw refusal(
                "The setting 'schema' is \(HandlerErrors.quote(schema)): give a name of small letters, digits and '_' that "
                    + "begins with no digit and has at most 41 bytes."
            )
        }
    }

    /// PostgreSQL and libpq count milliseconds in 32 bits, and 0 means for ever to them.
    private func checkTimes(_ configuration: PostgreSQLConfiguration) throws(EffectError) {
        let times = [
            ("connectTimeout", configuration.connectTimeout), ("statementTimeout", configuration.statementTimeout),
            ("lockTimeout", configuration.lockTimeout), ("waitTimeout", configuration.waitTimeout),
        ]
        for (name, time) in times where !(.milliseconds(1) ... .seconds(24 * 86_400)).contains(time) {
            throw refusal("The setting '\(name)' is \(time): give a time from 1 ms to 24 days.")
        }
    }

    func refusal(_ message: String) -> EffectError {
        EffectError(
            .invalidArgument,
            message,
            effect: effect,
            operation: "open",
            handler: PostgreSQLPlace.technology
        )
    }

    // MARK: What needs no server

    /// The configuration as far as it does not say which database: sizes, times and who migrates.
    static func tuning(_ settings: HandlerSettings, _ budget: ResourceBudget) -> PostgreSQLConfiguration {
        var configuration = PostgreSQLConfiguration(servers: [], database: "", user: "", password: nil, budget: budget)
        if let schema = settings.string("schema") { configuration.schema = schema }
        if let isRequired = settings.boolean("channelBinding") { configuration.requiresChannelBinding = isRequired }
        if let timeout = settings.duration("connectTimeout") { configuration.connectTimeout = timeout }
        if let timeout = settings.duration("statementTimeout") { configuration.statementTimeout = timeout }
        if let timeout = settings.duration("lockTimeout") { configuration.lockTimeout = timeout }
        if let timeout = settings.duration("waitTimeout") { configuration.waitTimeout = timeout }
        if let connections = settings.integer("connections") { configuration.connections = connections }
        if let batch = settings.byteCount("batch") { configuration.batch = batch }
        if let queue = settings.integer("queue") { configuration.queueLength = queue }
        if let interval = settings.duration("pollInterval") { configuration.pollInterval = interval }
        if let word = settings.string("migrations"),
            let migrations = PostgreSQLConfiguration.Migrations(rawValue: word)
        {
            configuration.migrations = migrations
        }
        return configuration
    }

    static func derivedValues(
        _ settings: HandlerSettings,
        _ budget: ResourceBudget,
        of noun: String
    ) -> [HandlerDeclaration.DerivedValue] {
        let configuration = tuning(settings, budget)
        return [
            ("connections", "at most \(configuration.connections)"),
            ("page of entries or values", "at most \(configuration.page)"),
            ("group of \(noun)", configuration.batch.description),
            ("\(noun) that may wait", String(configuration.queueLength)),
        ]
    }
}
#endif
