#if PostgreSQL
internal import AuraEffects
internal import CPostgreSQL

/// An open connection: the one owner of its handle.
///
/// It is non-blocking and in pipeline mode; whoever waits for an answer waits on the connection's own thread, up to a
/// deadline. It is used from one executor only, so it is not sendable.
@safe
final class PostgreSQLConnection {
    private let handle: OpaquePointer
    private let waiting: SocketWaiting
    private let time: any TimeEffects
    /// How long an answer may take.
    let answerTimeout: Duration
    /// Whether a server that takes no writes is the wrong one.
    private let isForWrites: Bool
    /// The names of the prepared statements by their texts.
    private var prepared: [String: String] = [:]
    /// How many names were ever given: that of a statement that was refused does not come back.
    private var nameCount = 0
    /// What was sent and not yet answered, the oldest first.
    private var underWay: [Sent] = []
    /// What asks the server to end the statement that is under way.
    private var cancelRequest: CancelRequest?
    private let canceller: StatementCanceller
    private(set) var isUsable = true

    /// What the answers up to a synchronization point belong to.
    private enum Sent {
        /// A statement to prepare, by its text.
        case preparation(String)
        /// A batch of so many statements.
        case batch(Int)
    }

    /// Takes over an open, idle handle.
    init(
        _ handle: OpaquePointer,
        time: any TimeEffects,
        interruption: Interruption,
        canceller: StatementCanceller,
        answerTimeout: Duration,
        isForWrites: Bool
    ) throws(PostgreSQLFailure) {
        unsafe self.handle = handle
        self.canceller = canceller
        self.time = time
        waiting = SocketWaiting(time: time, interruption: interruption)
        self.answerTimeout = answerTimeout
        self.isForWrites = isForWrites
        guard unsafe PQsetnonblocking(handle, 1) == 0, unsafe PQenterPipelineMode(handle) == 1 else { throw lost() }
    }

    deinit {
        unsafe PQfinish(handle)
    }

    // MARK: Statements

    /// How many batches wait for their answers.
    var batchesUnderWay: Int {
        underWay.count { if case .batch = $0 { true } else { false } }
    }

    /// Sends a batch and waits for its answers.
    ///
    /// - Parameters:
    ///   - batch: The statements.
    ///   - canBeInterrupted: Whether an interruption cancels it on the server: for what only reads.
    ///   - timeout: How long the answers may take; by default ``answerTimeout``.
    /// - Returns: An answer for each statement.
    /// - Throws: ``PostgreSQLFailure``: the first statement's that was refused; nothing of the batch is applied then.
    func run(
        _ batch: consuming PostgreSQLBatch,
        canBeInterrupted: Bool = false,
        atMost timeout: Duration? = nil
    ) throws(PostgreSQLFailure) -> [PostgreSQLResult] {
        try send(batch)
        return try receive(canBeInterrupted: canBeInterrupted, atMost: timeout)
    }

    /// Sends one statement and waits for its answer.
    func run(
        _ sql: String,
        _ parameters: consuming PostgreSQLParameters = PostgreSQLParameters(capacity: 8),
        canBeInterrupted: Bool = false,
        atMost timeout: Duration? = nil
    ) throws(PostgreSQLFailure) -> PostgreSQLResult {
        var batch = PostgreSQLBatch()
        batch.add(sql, parameters)
        return try run(batch, canBeInterrupted: canBeInterrupted, atMost: timeout)[0]
    }

    /// Sends a batch without waiting: its answers come with ``receive(canBeInterrupted:atMost:)``, in the order of sending.
    func send(_ batch: consuming PostgreSQLBatch) throws(PostgreSQLFailure) {
        guard isUsable else { throw PostgreSQLFailure(kind: .lost, text: "The connection is closed.") }
        try sendPreparation(of: batch.statements)
        for (sql, box) in zip(batch.statements, batch.parameters) {
            let isSent = unsafe box.parameters.withPointers { values, lengths, formats in
                unsafe PQsendQueryPrepared(
                    handle,
                    prepared[sql],
                    box.parameters.parameterCount,
                    values,
                    lengths,
                    formats,
                    1
                )
            }
            guard isSent == 1 else { throw lost() }
        }
        try synchronize(.batch(batch.statements.count))
        guard unsafe PQflush(handle) >= 0 else { throw lost() }
    }

    /// Sends the statements that are not prepared yet.
    ///
    /// They are no part of the batch: what is refused there does not take them along, and later batches may use them.
    private func sendPreparation(of statements: [String]) throws(PostgreSQLFailure) {
        for sql in statements where prepared[sql] == nil {
            let name = "s\(nameCount)"
            nameCount += 1
            prepared[sql] = name
            guard unsafe PQsendPrepare(handle, name, sql, 0, nil) == 1 else { throw lost() }
            // One that is refused takes along none of the others.
            try synchronize(.preparation(sql))
        }
    }

    private func synchronize(_ sent: Sent) throws(PostgreSQLFailure) {
        guard unsafe PQpipelineSync(handle) == 1 else { throw lost() }
        underWay.append(sent)
    }

    /// Waits for the answers of the oldest batch.
    ///
    /// - Parameters:
    ///   - canBeInterrupted: Whether an interruption cancels it on the server.
    ///   - timeout: How long; by default ``answerTimeout``.
    /// - Returns: An answer for each statement.
    /// - Throws: ``PostgreSQLFailure``: the first statement's that was refused.
    func receive(
        canBeInterrupted: Bool = false,
        atMost timeout: Duration? = nil
    ) throws(PostgreSQLFailure) -> [PostgreSQLResult] {
        let deadline = time.monotonicNow.advanced(by: timeout ?? answerTimeout)
        var refusal: PostgreSQLFailure?
        while true {
            precondition(!underWay.isEmpty, "Nothing was sent.")
            switch underWay.removeFirst() {
            case .preparation(let sql):
                let answers = try receive(1, until: deadline, canBeInterrupted: canBeInterrupted)
                if let failure = answers.refusal {
                    prepared[sql] = nil
                    // The batch that needs it says only that it is not there.
                    refusal = refusal ?? failure
                }
            case .batch(let count):
                let answers = try receive(count, until: deadline, canBeInterrupted: canBeInterrupted)
                if let failure = answers.refusal {
                    // Another server may take writes by now.
                    if isForWrites, failure.kind == .refused(.readOnlyTransaction) { isUsable = false }
                    throw refusal ?? failure
                }
                return answers.results
            }
        }
    }

    /// Waits for the answers to so many commands and for their synchronization point.
    private func receive(
        _ count: Int,
        until deadline: MonotonicInstant,
        canBeInterrupted: Bool
    ) throws(PostgreSQLFailure) -> (results: [PostgreSQLResult], refusal: PostgreSQLFailure?) {
        var results: [PostgreSQLResult] = []
        var refusal: PostgreSQLFailure?
        for _ in 0..<count {
            guard let handle = unsafe try next(until: deadline, canBeInterrupted: canBeInterrupted) else {
                throw lost()
            }
            let result = unsafe PostgreSQLResult(handle)
            switch unsafe PQresultStatus(handle) {
            case PGRES_COMMAND_OK, PGRES_TUPLES_OK: results.append(result)
            case PGRES_PIPELINE_ABORTED: break
            default:
                let failure = unsafe failure(of: handle)
                if failure.breaksConnection { isUsable = false }
                if unsafe PQstatus(self.handle) == CONNECTION_BAD { isUsable = false }
                guard isUsable else { throw failure }
                refusal = refusal ?? failure
            }
            // Each command's answers end with a null pointer.
            guard unsafe try next(until: deadline, canBeInterrupted: canBeInterrupted) == nil else { throw lost() }
        }
        // What fails only at the commit is said after the answers to the statements.
        while true {
            guard let handle = unsafe try next(until: deadline, canBeInterrupted: canBeInterrupted) else {
                if refusal == nil { throw lost() }
                continue
            }
            defer { unsafe PQclear(handle) }
            if unsafe PQresultStatus(handle) == PGRES_PIPELINE_SYNC {
                waitForCancelRequest()
                return (results, refusal)
            }
            let failure = unsafe failure(of: handle)
            refusal = refusal ?? failure
            if refusal?.breaksConnection == true { isUsable = false }
            if unsafe PQstatus(self.handle) == CONNECTION_BAD { isUsable = false }
            if let refusal, !isUsable { throw refusal }
        }
    }

    /// Ends an open transaction without its changes.
    func rollBack() {
        guard isUsable, underWay.isEmpty, unsafe PQtransactionStatus(handle) != PQTRANS_IDLE else { return }
        do throws(PostgreSQLFailure) {
            _ = try run("ROLLBACK")
        } catch {
            isUsable = false
        }
    }

    // MARK: Notifications

    /// Waits until another session notifies a channel that this one listens to.
    ///
    /// - Parameters:
    ///   - timeout: How long.
    ///   - payload: What notifications that do not count carry: those of this process.
    /// - Returns: Whether there was one.
    /// - Throws: ``PostgreSQLFailure`` where the connection broke or the wait was interrupted.
    func waitForNotification(atMost timeout: Duration, except payload: String) throws(PostgreSQLFailure) -> Bool {
        let deadline = time.monotonicNow.advanced(by: timeout)
        while true {
            if takeNotifications(except: payload) { return true }
            switch unsafe waiting.wait(for: PQsocket(handle), writing: false, until: deadline) {
            case .timedOut: return false
            case .interrupted: throw PostgreSQLFailure(kind: .interrupted, text: "The handler was stopped.")
            case .ready: guard unsafe PQconsumeInput(handle) == 1 else { throw lost() }
            }
        }
    }

    private func takeNotifications(except payload: String) -> Bool {
        var isNotified = false
        while let notification = unsafe PQnotifies(handle) {
            let isOther = unsafe String(cString: notification.pointee.extra) != payload
            isNotified = isNotified || isOther
            unsafe PQfreemem(notification)
        }
        return isNotified
    }

    // MARK: Waiting

    /// Makes what ends the next ``waitForAnswer()`` early, from any thread; later it does nothing.
    func makeWaker() -> @Sendable () -> Void {
        let interruption = waiting.interruption
        let call = interruption.begin()
        return { interruption.interrupt(call) }
    }

    /// Waits until an answer to the oldest batch comes.
    ///
    /// - Returns: `false` where it was woken before.
    /// - Throws: ``PostgreSQLFailure`` where no answer comes in time, or the connection is lost.
    func waitForAnswer() throws(PostgreSQLFailure) -> Bool {
        let deadline = time.monotonicNow.advanced(by: answerTimeout)
        // A handler that stops still waits for what is under way.
        while try isWaitingForAnswer() {
            let outcome = unsafe waiting.wait(
                for: PQsocket(handle),
                writing: PQflush(handle) == 1,
                until: deadline,
                heedsInterruption: !waiting.interruption.isFinished
            )
            switch outcome {
            case .ready: guard unsafe PQconsumeInput(handle) == 1 else { throw lost() }
            case .interrupted where waiting.interruption.isFinished: break
            case .interrupted: return false
            case .timedOut:
                isUsable = false
                throw PostgreSQLFailure(kind: .timedOut, text: "No answer came in time.")
            }
        }
        return true
    }

    private func isWaitingForAnswer() throws(PostgreSQLFailure) -> Bool {
        guard unsafe PQflush(handle) >= 0 else { throw lost() }
        return unsafe PQisBusy(handle) == 1
    }

    /// The next result, once it has come.
    private func next(
        until deadline: MonotonicInstant,
        canBeInterrupted: Bool
    ) throws(PostgreSQLFailure) -> OpaquePointer? {
        var deadline = deadline
        var heedsInterruption = canBeInterrupted
        while true {
            let unsent = unsafe PQflush(handle)
            guard unsent >= 0 else { throw lost() }
            if unsent == 0, unsafe PQisBusy(handle) == 0 { break }
            let outcome = unsafe waiting.wait(
                for: PQsocket(handle),
                writing: unsent == 1,
                until: deadline,
                heedsInterruption: heedsInterruption
            )
            switch outcome {
            case .ready: guard unsafe PQconsumeInput(handle) == 1 else { throw lost() }
            case .interrupted:
                // The server ends the statement and says so; it gets a moment for that.
                try cancel()
                heedsInterruption = false
                deadline = min(deadline, time.monotonicNow.advanced(by: Self.graceAfterCancel))
            case .timedOut:
                isUsable = false
                throw PostgreSQLFailure(
                    kind: heedsInterruption == canBeInterrupted ? .timedOut : .interrupted,
                    text: "No answer came in time."
                )
            }
        }
        return unsafe PQgetResult(handle)
    }

    private static let graceAfterCancel = Duration.seconds(2)

    /// Asks the server over a connection of its own to end the statement that is under way.
    private func cancel() throws(PostgreSQLFailure) {
        guard cancelRequest == nil else { return }
        do throws(PostgreSQLFailure) {
            let request = try unsafe CancelRequest(for: handle)
            canceller.send(request)
            cancelRequest = request
        } catch {
            isUsable = false
            throw error
        }
    }

    /// Gives up the connection where a request that was sent might still end a later statement.
    private func waitForCancelRequest() {
        guard let request = cancelRequest else { return }
        cancelRequest = nil
        let deadline = time.monotonicNow.advanced(by: Self.graceAfterCancel)
        let outcome = waiting.wait(for: request.readable, writing: false, until: deadline, heedsInterruption: false)
        if outcome != .ready { isUsable = false }
    }

    private func lost() -> PostgreSQLFailure {
        isUsable = false
        return PostgreSQLFailure(kind: .lost, text: unsafe String(cString: PQerrorMessage(handle)))
    }

    private func failure(of result: OpaquePointer) -> PostgreSQLFailure {
        let text = unsafe String(
            cString: PQresultErrorField(result, Int32(UInt8(ascii: "M"))) ?? PQresultErrorMessage(result)
        )
        guard let state = unsafe PQresultErrorField(result, Int32(UInt8(ascii: "C"))) else {
            return PostgreSQLFailure(kind: .lost, text: text)
        }
        return PostgreSQLFailure(kind: .refused(SQLState(rawValue: unsafe String(cString: state))), text: text)
    }
}
#endif
