#if PostgreSQL
internal import AuraEffects

/// A call of libpq that failed.
///
/// Its text is the library's or the server's own; it stays the cause of an error and is never shown by default.
struct PostgreSQLFailure: Error, CustomStringConvertible {
    enum Kind: Hashable {
        /// The server refused a statement, and with it the transaction.
        case refused(SQLState)
        /// The server could not be reached, or would not let this client in.
        case cannotConnect(ConnectProblem)
        /// The connection broke.
        case lost
        /// No answer came in time; the connection is given up.
        case timedOut
        /// The caller was cancelled or the handler stopped.
        case interrupted
        /// What the server answered cannot be: the tables are not what this code knows.
        case unexpectedAnswer
    }

    /// Why no connection came about.
    enum ConnectProblem: Hashable {
        case unreachable
        case wrongCertificate
        case wrongHostName
        case noTLS
        case noPassword
        case noChannelBinding
        case wrongSession
        case timedOut
    }

    var kind: Kind
    var text: String

    var description: String {
        if case .refused(let state) = kind { return "PostgreSQL \(state.rawValue): \(text)" }
        return "PostgreSQL: \(text)"
    }

    /// Whether the connection can no longer be used.
    var breaksConnection: Bool {
        switch kind {
        case .refused(let state): ["57P", "08", "25P03"].contains { state.rawValue.hasPrefix($0) }
        case .cannotConnect, .lost, .timedOut, .interrupted: true
        case .unexpectedAnswer: false
        }
    }

    /// Whether another transaction was in the way and the same one may succeed at once.
    var isConflict: Bool {
        kind == .refused(.serializationFailure) || kind == .refused(.deadlock)
    }

    /// Whether a transaction whose commit was sent may have been committed all the same.
    var leavesCommitOpen: Bool {
        switch kind {
        case .refused: breaksConnection
        case .lost, .timedOut, .interrupted: true
        case .cannotConnect, .unexpectedAnswer: false
        }
    }

    /// This failure as an effect's error.
    ///
    /// - Parameters:
    ///   - place: The effect, the operation and the database it happened in.
    ///   - isWrite: Whether something may have been applied.
    /// - Returns: The error, with this failure as its cause.
    func effectError(at place: PostgreSQLPlace, isWrite: Bool) -> EffectError {
        let (code, advice, isRetryable) = meaning
        return EffectError(
            code,
            "\(place.database): \(advice)",
            effect: place.effect,
            operation: place.operation,
            handler: PostgreSQLPlace.technology,
            cause: self,
            isRetryable: isRetryable,
            outcome: isWrite && leavesCommitOpen ? .unknown : .notApplied
        )
    }

    private var meaning: (EffectError.Code, String, Bool) {
        switch kind {
        case .refused(let state): Self.meaning(of: state)
        case .cannotConnect(let problem): Self.meaning(of: problem)
        case .lost: (.unavailable, "the connection to the server broke; try again.", true)
        case .timedOut:
            (.unavailable, "the server did not answer in time; look whether it and the network are well.", true)
        case .interrupted: (.cancelled, "the call was interrupted.", false)
        case .unexpectedAnswer:
            (.corrupted, "the tables do not hold what they must; 'verify' says more, a backup helps.", false)
        }
    }

    private static func meaning(of problem: ConnectProblem) -> (EffectError.Code, String, Bool) {
        switch problem {
        case .unreachable:
            (.unavailable, "no server answers there; check host and port and that the server runs.", true)
        case .timedOut:
            (
                .unavailable,
                "no connection came about in time; check host, port and network, or raise 'connectTimeout'.", true
            )
        case .wrongCertificate:
            (
                .unauthenticated,
                "the server's certificate is not signed by the root certificate; set 'rootCertificate' to its authority's.",
                false
            )
        case .wrongHostName:
            (
                .unauthenticated,
                "the server's certificate is for another host name; connect by the name that it was made for.",
                false
            )
        case .noTLS:
            (
                .unauthenticated,
                "the server offers no TLS; turn it on there, or, on a network that nobody else reaches, set 'tls: disable'.",
                false
            )
        case .noPassword:
            (.unauthenticated, "the server asks for a password and none is set; give the URL one.", false)
        case .noChannelBinding:
            (
                .unauthenticated,
                "the server does not bind the password's exchange to the TLS session; let it keep the password as "
                    + "'scram-sha-256', or set 'channelBinding: false'.",
                false
            )
        case .wrongSession:
            (
                .unavailable,
                "no server takes the kind of session asked for; check 'targetSession' and whether a standby was promoted.",
                true
            )
        }
    }

    private static func meaning(of state: SQLState) -> (EffectError.Code, String, Bool) {
        switch state {
        case .invalidPassword, .invalidAuthorization:
            (.unauthenticated, "the server refuses user or password; check both, and that the user may log in.", false)
        case .unknownDatabase:
            (.invalidArgument, "the database does not exist; create it, or name another.", false)
        case .insufficientPrivilege:
            (.permissionDenied, "the user has no right to this; grant it what the page on PostgreSQL lists.", false)
        case .unknownTable, .unknownSchema:
            (.unavailable, "its tables are missing; run 'aura database migrate'.", false)
        case .readOnlyTransaction:
            (.unavailable, "the server is read-only, as a standby is; it takes writes once it is promoted.", true)
        case .diskFull:
            (.resourceExhausted, "the server's disk is full; free some space and try again.", true)
        case .tooManyConnections:
            (
                .resourceExhausted,
                "the server has no connection left; raise its max_connections or lower 'connections'.", true
            )
        case .limitExceeded:
            (.invalidArgument, "a value is larger than PostgreSQL takes.", false)
        case .lockNotAvailable:
            (.unavailable, "another transaction held the lock for too long; try again when it is done.", true)
        case .idleInTransactionTimeout:
            (.unavailable, "the transaction was idle for too long and the server ended it; try again.", true)
        case .queryCancelled:
            (.deadlineExceeded, "the statement took longer than 'statementTimeout'; try again, or raise it.", true)
        case .serializationFailure, .deadlock:
            (.unavailable, "other transactions were in the way each time; try again.", true)
        default: meaning(ofClass: state)
        }
    }

    private static func meaning(ofClass state: SQLState) -> (EffectError.Code, String, Bool) {
        switch state.errorClass {
        case "08": (.unavailable, "the connection to the server broke; try again.", true)
        case "22": (.invalidArgument, "the server does not take a value (SQLSTATE \(state.rawValue)).", false)
        case "28": (.unauthenticated, "the server does not let this client in (SQLSTATE \(state.rawValue)).", false)
        case "53": (.resourceExhausted, "the server is short of a resource (SQLSTATE \(state.rawValue)).", true)
        case "57": (.unavailable, "the server is starting, stopping or ended the session; try again.", true)
        case "58": (.unavailable, "the server's disk failed (SQLSTATE \(state.rawValue)); look at its log.", true)
        case "XX":
            (.corrupted, "the server found its own data damaged (SQLSTATE \(state.rawValue)); look at its log.", false)
        default: (.internal, "the server refused a statement with SQLSTATE \(state.rawValue).", false)
        }
    }
}

/// Where a failure happened.
struct PostgreSQLPlace: Sendable {
    static let technology = "postgresql"

    var effect: String
    var operation: String
    /// What messages call the database: its name and servers, nothing secret.
    var database: String

    func error(
        _ code: EffectError.Code,
        _ message: String,
        isRetryable: Bool? = nil
    ) -> EffectError {
        EffectError(
            code,
            message,
            effect: effect,
            operation: operation,
            handler: Self.technology,
            isRetryable: isRetryable
        )
    }

    /// Runs `body`, which only reads, and turns a failure into the effect's error.
    func mapping<Result>(_ body: () throws(PostgreSQLFailure) -> Result) throws(EffectError) -> Result {
        do {
            return try body()
        } catch {
            throw error.effectError(at: self, isWrite: false)
        }
    }

    /// Runs `body`, which commits something, and turns a failure into the effect's error.
    func mappingWrite<Result>(_ body: () throws(PostgreSQLFailure) -> Result) throws(EffectError) -> Result {
        do {
            return try body()
        } catch {
            throw error.effectError(at: self, isWrite: true)
        }
    }
}
#endif
