#if PostgreSQL
internal import AuraEffects
internal import AuraRuntime
internal import CPostgreSQL

extension PostgreSQLSettings {
    /// Takes in what a URL says, as libpq reads it.
    func take(_ url: Secret<String>, into configuration: inout PostgreSQLConfiguration) throws(EffectError) {
        // What is wrong with it is not said in libpq's words: they quote it.
        guard let options = url.withExposedValue({ Self.options(in: $0) }) else {
            throw refusal("The setting 'url' is no URL such as postgresql://USER:PASSWORD@HOST:PORT/DATABASE.")
        }
        for (keyword, value) in options {
            switch keyword {
            case "host", "port": break
            case "dbname": configuration.database = value
            case "user": configuration.user = value
            case "password": configuration.password = Secret(value)
            case "sslmode": configuration.tls = try word(value, of: keyword)
            case "sslrootcert": configuration.rootCertificate = value
            case "target_session_attrs": configuration.targetSession = try word(value, of: keyword)
            default:
                throw refusal(
                    "The URL has the option \(HandlerErrors.quote(keyword)), which is not taken: leave it out; the handler's "
                        + "own settings are listed with it."
                )
            }
        }
        let named = Dictionary(options, uniquingKeysWith: { $1 })
        // libpq ends user and password at the first '/' or '@'; what is left of a password must not be shown as a host.
        for keyword in ["host", "port", "dbname", "user"] where named[keyword]?.contains("@") == true {
            throw refusal(
                "The URL has an '@' too many: in user and password write '@' as %40, '/' as %2F and ':' as %3A."
            )
        }
        guard let hosts = named["host"] else { return }
        configuration.servers = try servers(hosts: hosts, ports: named["port"])
    }

    private func word<Word: RawRepresentable & CaseIterable>(
        _ value: String,
        of keyword: String
    ) throws(EffectError) -> Word where Word.RawValue == String {
        if let word = Word(rawValue: value) { return word }
        let words = Word.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
        throw refusal("The URL's '\(keyword)' is \(HandlerErrors.quote(value)): choose one of \(words).")
    }

    /// The options that a URL sets; `nil` where libpq cannot read it.
    private static func options(in url: String) -> [(String, String)]? {
        var message: UnsafeMutablePointer<CChar>?
        let options = unsafe PQconninfoParse(url, &message)
        defer {
            unsafe PQconninfoFree(options)
            if let message = unsafe message { unsafe PQfreemem(message) }
        }
        guard var option = unsafe options else { return nil }
        var found: [(String, String)] = []
        while let keyword = unsafe option.pointee.keyword {
            if let value = unsafe option.pointee.val {
                unsafe found.append((String(cString: keyword), String(cString: value)))
            }
            unsafe option += 1
        }
        return found
    }

    // MARK: Servers

    /// Hosts and ports as a URL lists them: one port for all, or one for each.
    private func servers(hosts: String, ports: String?) throws(EffectError) -> [PostgreSQLConfiguration.Server] {
        let hosts = hosts.split(separator: ",", omittingEmptySubsequences: false)
        let ports = ports?.split(separator: ",", omittingEmptySubsequences: false) ?? []
        guard ports.count <= 1 || ports.count == hosts.count else {
            throw refusal(
                "The URL lists \(hosts.count) hosts and \(ports.count) ports: give one port, or one for each host."
            )
        }
        var servers: [PostgreSQLConfiguration.Server] = []
        for (index, host) in hosts.enumerated() {
            let port = ports.count > 1 ? ports[index] : ports.first ?? ""
            guard port.isEmpty || Self.portNumber(port) != nil else {
                // Not quoted: it may be a part of the password.
                throw refusal(
                    "The URL has a port that is no number from 1 to 65535; in user and password write '@' as %40, '/' as %2F "
                        + "and ':' as %3A."
                )
            }
            servers.append(try server(host: host, port: port.isEmpty ? nil : port, in: "The URL"))
        }
        return servers
    }

    /// Servers as the setting `hosts` lists them: `a:5432,b`, with an IPv6 address in brackets.
    func servers(_ text: String) throws(EffectError) -> [PostgreSQLConfiguration.Server] {
        var servers: [PostgreSQLConfiguration.Server] = []
        for item in text.split(separator: ",", omittingEmptySubsequences: false) {
            let item = item.trimming { $0 == " " }
            if item.first == "[", let end = item.firstIndex(of: "]") {
                let rest = item[item.index(after: end)...]
                let host = item[item.index(after: item.startIndex)..<end]
                // Without a colon between them the whole of it is named as what is no port.
                let port = rest.isEmpty ? nil : rest.first == ":" ? rest.dropFirst() : item[...]
                servers.append(try server(host: host, port: port, in: "The setting 'hosts'"))
            } else {
                let parts = item.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
                servers.append(
                    try server(host: parts[0], port: parts.count > 1 ? parts[1] : nil, in: "The setting 'hosts'")
                )
            }
        }
        return servers
    }

    private static func portNumber(_ text: Substring) -> Int? {
        Int(text).flatMap { (1...65535).contains($0) ? $0 : nil }
    }

    private func server(
        host: Substring,
        port: Substring?,
        in place: String
    ) throws(EffectError) -> PostgreSQLConfiguration.Server {
        guard !host.isEmpty else {
            throw refusal(
                "\(place) lists a server without a host: give a name or an address, such as 'db.example:5432'."
            )
        }
        guard let port else { return .init(host: String(host)) }
        guard let number = Self.portNumber(port) else {
            throw refusal(
                "\(place) lists the port \(HandlerErrors.quote(String(port))): give a number from 1 to 65535."
            )
        }
        return .init(host: String(host), port: number)
    }
}

extension Substring {
    fileprivate func trimming(_ isTrimmed: (Character) -> Bool) -> Substring {
        var rest = drop(while: isTrimmed)
        while let last = rest.last, isTrimmed(last) { rest.removeLast() }
        return rest
    }
}
#endif
