#if PostgreSQL
internal import AuraEffects
internal import CPostgreSQL
#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Opens connections, on the calling thread and up to a deadline for each server.
struct PostgreSQLConnecting {
    let configuration: PostgreSQLConfiguration
    let time: any TimeEffects
    let interruption: Interruption
    let canceller: StatementCanceller

    /// Opens a connection to the first server that takes it.
    ///
    /// - Throws: ``PostgreSQLFailure``: that of the first server that answered at all, else the last one's.
    func connect() throws(PostgreSQLFailure) -> PostgreSQLConnection {
        var failures: [PostgreSQLFailure] = []
        for server in configuration.servers {
            do throws(PostgreSQLFailure) {
                return try connect(to: server)
            } catch {
                if error.kind == .interrupted { throw error }
                failures.append(error)
            }
        }
        let telling = failures.first { failure in
            ![.cannotConnect(.unreachable), .cannotConnect(.timedOut)].contains(failure.kind)
        }
        throw telling ?? failures.last
            ?? PostgreSQLFailure(kind: .cannotConnect(.unreachable), text: "No server is named.")
    }

    private func connect(to server: PostgreSQLConfiguration.Server) throws(PostgreSQLFailure) -> PostgreSQLConnection {
        guard let handle = unsafe start(server) else {
            throw PostgreSQLFailure(kind: .cannotConnect(.unreachable), text: "libpq is out of memory.")
        }
        var isOpen = false
        defer { if !isOpen { unsafe PQfinish(handle) } }
        // So that a refusal comes with its SQLSTATE, whatever language the server speaks.
        unsafe PQsetErrorVerbosity(handle, PQERRORS_VERBOSE)
        unsafe PQsetNoticeReceiver(handle, { _, _ in }, nil)
        let deadline = time.monotonicNow.advanced(by: configuration.connectTimeout)
        let waiting = SocketWaiting(time: time, interruption: interruption)
        var state = PGRES_POLLING_WRITING
        while state != PGRES_POLLING_OK {
            guard state != PGRES_POLLING_FAILED, unsafe PQstatus(handle) != CONNECTION_BAD else {
                throw unsafe problem(of: handle)
            }
            let isReading = state == PGRES_POLLING_READING
            switch unsafe waiting.wait(
                for: PQsocket(handle),
                reading: isReading,
                writing: !isReading,
                until: deadline
            )
            {
            case .ready: state = unsafe PQconnectPoll(handle)
            case .interrupted: throw PostgreSQLFailure(kind: .interrupted, text: "The handler was stopped.")
            case .timedOut:
                throw PostgreSQLFailure(kind: .cannotConnect(.timedOut), text: "No connection to \(server) in time.")
            }
        }
        unsafe PQsetErrorVerbosity(handle, PQERRORS_DEFAULT)
        isOpen = true
        return unsafe try PostgreSQLConnection(
            handle,
            time: time,
            interruption: interruption,
            canceller: canceller,
            // The server ends a statement on its own; where it does not even say so, it is gone.
            answerTimeout: configuration.statementTimeout + .seconds(5),
            isForWrites: [.readWrite, .primary].contains(configuration.targetSession)
        )
    }

    // MARK: Parameters

    private func start(_ server: PostgreSQLConfiguration.Server) -> OpaquePointer? {
        func milliseconds(_ duration: Duration) -> Int64 {
            duration.components.seconds * 1000 + duration.components.attoseconds / 1_000_000_000_000_000
        }
        let options = [
            "statement_timeout=\(milliseconds(configuration.statementTimeout))",
            "lock_timeout=\(milliseconds(configuration.lockTimeout))",
            "idle_in_transaction_session_timeout=\(milliseconds(configuration.lockTimeout))",
            "search_path=\(configuration.quotedSchema)",
            "client_encoding=UTF8",
            "default_transaction_isolation=read committed",
            "jit=off",
            // Every statement has an index. The planner may not think the tables are still as small as they once were.
            "plan_cache_mode=force_generic_plan",
            "enable_seqscan=off",
        ]
        var parameters: [(String, String)] = [
            ("host", server.host),
            ("port", String(server.port)),
            ("dbname", configuration.database),
            ("user", configuration.user),
            ("application_name", "aura"),
            ("target_session_attrs", configuration.targetSession.rawValue),
            ("sslmode", configuration.tls.rawValue),
            ("gssencmode", "disable"),
            ("channel_binding", usesChannelBinding ? "require" : "prefer"),
            ("keepalives_idle", "15"),
            ("keepalives_interval", "5"),
            ("keepalives_count", "3"),
            ("tcp_user_timeout", String(milliseconds(configuration.statementTimeout + .seconds(5)))),
            ("options", options.map { "-c \(Self.escaped($0))" }.joined(separator: " ")),
        ]
        if let file = rootCertificate { parameters.append(("sslrootcert", file)) }
        guard let password = configuration.password else { return unsafe start(parameters) }
        return unsafe password.withExposedValue { password in
            unsafe start(parameters + [("password", password)])
        }
    }

    /// An option as one word: the server splits them at white space.
    private static func escaped(_ option: String) -> String {
        let isSplitting = { (byte: UInt8) in byte == UInt8(ascii: "\\") || byte == 32 || (9...13).contains(byte) }
        let bytes = option.utf8.flatMap { isSplitting($0) ? [UInt8(ascii: "\\"), $0] : [$0] }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func start(_ parameters: [(String, String)]) -> OpaquePointer? {
        let keys = unsafe parameters.map { unsafe strdup($0.0) }
        let values = unsafe parameters.map { unsafe strdup($0.1) }
        defer {
            for index in parameters.indices {
                unsafe free(keys[index])
                // Where the password was.
                if let value = unsafe values[index] { unsafe memset(value, 0, strlen(value)) }
                unsafe free(values[index])
            }
        }
        let keyPointers = unsafe keys.map { unsafe UnsafePointer($0) } + [nil]
        let valuePointers = unsafe values.map { unsafe UnsafePointer($0) } + [nil]
        return unsafe PQconnectStartParams(keyPointers, valuePointers, 0)
    }

    private var usesChannelBinding: Bool {
        configuration.requiresChannelBinding && configuration.password != nil && configuration.tls != .disable
    }

    /// libpq knows the system's authorities only from version 16 on.
    private var rootCertificate: String? {
        if let file = configuration.rootCertificate { return file }
        guard configuration.tls == .verifyFull || configuration.tls == .verifyCA else { return nil }
        return ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"]
            .first { unsafe access($0, R_OK) == 0 }
    }

    // MARK: Refusals

    private func problem(of handle: OpaquePointer) -> PostgreSQLFailure {
        let text = unsafe String(cString: PQerrorMessage(handle))
        if let state = Self.state(in: text) { return PostgreSQLFailure(kind: .refused(state), text: text) }
        // libpq has no codes for these; its own messages are stable, and not translated where no locale is set.
        let problem: PostgreSQLFailure.ConnectProblem =
            if text.contains("does not match host name") {
                .wrongHostName
            } else if text.contains("certificate") {
                .wrongCertificate
            } else if text.contains("no password supplied") {
                .noPassword
            } else if text.contains("channel binding") {
                .noChannelBinding
            } else if text.contains("does not support SSL") {
                .noTLS
            } else if text.contains("read-only") || text.contains("hot standby") || text.contains("in recovery")
                || text.contains("not in hot standby mode")
            {
                .wrongSession
            } else {
                .unreachable
            }
        return PostgreSQLFailure(kind: .cannotConnect(problem), text: text)
    }

    /// The code in a verbose message such as `FATAL:  28P01: password authentication failed`.
    private static func state(in text: String) -> SQLState? {
        for word in text.split(whereSeparator: { $0 == " " || $0 == "\n" })
        where word.utf8.count == 6 && word.last == ":" {
            let code = word.dropLast()
            let isCode = code.utf8.allSatisfy { (48...57).contains($0) || (65...90).contains($0) }
            if isCode, code.contains(where: \.isNumber) { return SQLState(rawValue: String(code)) }
        }
        return nil
    }
}
#endif
