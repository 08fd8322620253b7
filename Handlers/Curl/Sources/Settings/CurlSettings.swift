#if Curl
internal import AuraEffects
internal import AuraRuntime

/// Makes a configuration from a handler's settings.
enum CurlSettings {
    static let declarations: [SettingDeclaration] = [
        .optional(
            "version",
            .choice(CurlConfiguration.Version.allCases.map(\.rawValue)),
            "The newest version of HTTP: 2 is spoken over TLS with servers that offer it; without the setting 2 where there is a GiB of "
                + "memory, else 1.1."
        ),
        .optional(
            "leastTLS",
            .choice(CurlConfiguration.TLSVersion.allCases.map(\.rawValue)),
            default: CurlConfiguration.TLSVersion.tls1_2.rawValue,
            "The oldest version of TLS."
        ),
        .optional(
            "authorities",
            .path,
            "A file with the certificates of the authorities that are trusted, in PEM; without it those of the machine."
        ),
        .optional(
            "proxy",
            .string,
            "The proxy's address, such as 'http://proxy.example:3128'; without it there is none, whatever the environment says."
        ),
        .optional("proxyCredentials", .secret, "The proxy's user and password, as 'user:password'."),
        .optional(
            "withoutProxy",
            .list,
            "Hosts that are reached without the proxy; a name stands for those below it too."
        ),
        .optional(
            "connectTimeout",
            .duration,
            default: "10s",
            "How long connecting may take, with looking up the name and the handshake of TLS."
        ),
        .optional(
            "idleTimeout",
            .duration,
            default: "60s",
            "How long a server may neither take nor send a byte while it is its turn."
        ),
        .optional("connections", .integer(1...10_000), "The most connections; by default from the memory limit."),
        .optional(
            "connectionsPerHost",
            .integer(1...10_000),
            "The most connections to one host; by default 128 at most."
        ),
        .optional(
            "responseFields",
            .byteCount,
            default: "64 KiB",
            "The most bytes that the fields of an answer have together, 1 KiB to 96 KiB."
        ),
    ]

    /// The newest version of HTTP that the settings allow.
    static func version(_ settings: HandlerSettings, _ budget: ResourceBudget) -> CurlConfiguration.Version {
        settings.string("version").flatMap(CurlConfiguration.Version.init(rawValue:))
            ?? CurlConfiguration(budget: budget).version
    }

    /// The configuration that settings come to.
    ///
    /// - Throws: ``EffectError`` with `invalidArgument`, naming the setting.
    static func configuration(
        _ settings: HandlerSettings,
        _ budget: ResourceBudget
    ) throws(EffectError) -> CurlConfiguration {
        var configuration = CurlConfiguration(budget: budget)
        configuration.version = version(settings, budget)
        if let version = settings.string("leastTLS").flatMap(CurlConfiguration.TLSVersion.init(rawValue:)) {
            configuration.leastTLS = version
        }
        configuration.authorities = settings.string("authorities")
        configuration.proxy = try proxy(settings)
        if let time = settings.duration("connectTimeout") { configuration.connectTimeout = time }
        if let time = settings.duration("idleTimeout") { configuration.idleTimeout = time }
        if let count = settings.integer("connections") {
            configuration.connections = count
            configuration.connectionsPerHost = min(configuration.connectionsPerHost, count)
        }
        if let count = settings.integer("connectionsPerHost") { configuration.connectionsPerHost = count }
        if let count = settings.byteCount("responseFields") { configuration.responseFields = count }
        return configuration
    }

    private static func proxy(_ settings: HandlerSettings) throws(EffectError) -> CurlConfiguration.Proxy? {
        let credentials = settings.secret("proxyCredentials")
        let exceptions = settings.list("withoutProxy") ?? []
        guard let text = settings.string("proxy") else {
            guard credentials == nil, exceptions.isEmpty else {
                throw refusal(
                    "There is 'proxyCredentials' or 'withoutProxy', but no 'proxy': give its address, or drop both."
                )
            }
            return nil
        }
        // The text is not quoted: it may hold a password where it should not.
        guard let address = HTTPURL(text), address.path == "/", address.query == nil else {
            throw refusal(
                "The setting 'proxy' is no address of a proxy: give one such as 'http://proxy.example:3128', with the user and "
                    + "the password in 'proxyCredentials'."
            )
        }
        return CurlConfiguration.Proxy(address, credentials: credentials, exceptions: exceptions)
    }

    private static func refusal(_ message: String) -> EffectError {
        CurlHTTPHandler.errors.error(.invalidArgument, in: "open", message)
    }
}

extension CurlConfiguration {
    /// Refuses what cannot be kept.
    ///
    /// - Throws: ``EffectError`` with `invalidArgument`, naming the setting.
    func check() throws(EffectError) {
        for (name, time) in [("connectTimeout", connectTimeout), ("idleTimeout", idleTimeout)] {
            guard (.milliseconds(10) ... .seconds(86_400)).contains(time) else {
                throw refusal("The setting '\(name)' is \(time): give a time from 10 ms to a day.")
            }
        }
        guard (1024...98_304).contains(responseFields.bytes) else {
            throw refusal("The setting 'responseFields' is \(responseFields): give 1 KiB to 96 KiB.")
        }
        guard connectionsPerHost <= connections else {
            throw refusal(
                "The setting 'connectionsPerHost' is \(connectionsPerHost): give at most 'connections', which is \(connections)."
            )
        }
    }

    private func refusal(_ message: String) -> EffectError {
        CurlHTTPHandler.errors.error(.invalidArgument, in: "open", message)
    }
}
#endif
