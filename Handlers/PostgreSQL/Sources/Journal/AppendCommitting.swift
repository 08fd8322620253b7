#if PostgreSQL
internal import AuraEffects
internal import AuraRuntime

/// Commits queued appends in groups, on the writer's session and its thread.
///
/// As long as no other process writes, a group is one conditional statement, and the next one is sent before the answer to
/// the one before has come. Where another process has written, what was sent goes back into the queue, and from then on the
/// head's lock is taken first.
struct AppendCommitting: Sendable {
    let queue: WorkQueue<PreparedAppend>
    let configuration: PostgreSQLConfiguration
    let place: PostgreSQLPlace
    let refusals: AppendRefusals
    let time: any TimeEffects
    /// Called after each commit.
    let committed: @Sendable () -> Void

    /// How many groups one turn commits at most: others who need the writer get theirs in between.
    private static let groupsPerTurn = 32

    /// How many groups are sent before the first one's answer is waited for.
    private static let groupsUnderWay = 2

    /// From this many bytes on a group is worth sending beside another.
    private static let bytesWorthAGroup = 64 * 1024

    /// How often in a row a turn may begin anew before its appends fail.
    static let attempts = 5

    /// What came of a turn.
    enum Outcome {
        /// The queue was empty, or the turn is over.
        case done
        /// What was under way waits again.
        case putBack
    }

    /// Commits what waits, for one turn.
    ///
    /// - Parameters:
    ///   - state: The session's state.
    ///   - isLast: Whether what fails in a way that may pass fails its appends nevertheless.
    /// - Returns: Whether the turn is over, or has to begin anew.
    func run(_ state: JournalWriterState, isLast: Bool) -> Outcome {
        let turn = Turn(self, state)
        do throws(PostgreSQLFailure) {
            try state.setUp()
            while turn.groupCount < Self.groupsPerTurn, queue.waitsSoon() {
                if state.isContended {
                    try turn.commitLocked()
                } else {
                    guard try turn.commitGroups() else { return .putBack }
                }
            }
            return .done
        } catch {
            state.abandon()
            state.connection.rollBack()
            let mayPass = error.breaksConnection || error.isConflict || !state.isContended && error.isInTheWay
            let isOpen = turn.isCommitOpen && error.leavesCommitOpen
            if mayPass, !isLast, !isOpen {
                state.noteContention()
                queue.putBack()
                return .putBack
            }
            queue.fail(error.effectError(at: place, isWrite: isOpen))
            return .done
        }
    }

    /// One turn: what is under way on the connection.
    private final class Turn {
        private let committing: AppendCommitting
        private let state: JournalWriterState
        private var underWay: [AppendGroup] = []
        private var sizeOfLast = 0
        /// How many groups the turn has sent.
        private(set) var groupCount = 0
        /// Whether a failure of the connection leaves open what was committed.
        private(set) var isCommitOpen = false

        init(_ committing: AppendCommitting, _ state: JournalWriterState) {
            self.committing = committing
            self.state = state
        }

        private var queue: WorkQueue<PreparedAppend> { committing.queue }
        private var connection: PostgreSQLConnection { state.connection }

        // MARK: Without the lock

        /// Commits groups until the queue is empty or the turn is over.
        ///
        /// - Returns: Whether all is well; where another process has written meanwhile, everything waits again.
        func commitGroups() throws(PostgreSQLFailure) -> Bool {
            while true {
                if groupCount < AppendCommitting.groupsPerTurn, isNextWorthSending {
                    guard try sendNext() else { return false }
                } else if underWay.isEmpty {
                    return true
                } else if groupCount < AppendCommitting.groupsPerTurn, try isNextSooner() {
                    continue
                } else {
                    guard try settleFirst() else { return false }
                }
            }
        }

        private var isNextWorthSending: Bool {
            let load = queue.load
            if underWay.isEmpty { return load.count > 0 }
            guard underWay.count < AppendCommitting.groupsUnderWay, load.count > 0 else { return false }
            return load.count >= sizeOfLast / 2 || load.byteCount >= AppendCommitting.bytesWorthAGroup
        }

        /// Waits until the next group is worth sending, or until an answer comes.
        private func isNextSooner() throws(PostgreSQLFailure) -> Bool {
            guard underWay.count < AppendCommitting.groupsUnderWay else { return false }
            let isSet = queue.setAlarm(
                count: sizeOfLast / 2,
                byteCount: AppendCommitting.bytesWorthAGroup,
                connection.makeWaker()
            )
            guard isSet else { return true }
            return try !connection.waitForAnswer()
        }

        /// Judges and sends the next group; `false` where another process has written meanwhile.
        private func sendNext() throws(PostgreSQLFailure) -> Bool {
            let works = queue.takeGroup(byteLimit: committing.configuration.batch.bytes)
            if works.isEmpty { return true }
            state.trim()
            var lookUp = AppendLookUp(for: works, state)
            while !lookUp.isEmpty {
                // What is looked up has to fit the head, and that is known once nothing is under way.
                while !underWay.isEmpty {
                    guard try settleFirst() else { return false }
                }
                try lookUp.run(state)
                lookUp = AppendLookUp(for: works, state, after: lookUp)
            }
            guard let group = judge(works, lookUp) else { throw .missingHead }
            var batch = PostgreSQLBatch()
            group.addStatement(to: &batch)
            underWay.append(group)
            isCommitOpen = true
            try connection.send(batch)
            return true
        }

        /// Judges appends up to one that must wait for the next group, which it goes back for.
        private func judge(_ works: [PreparedAppend], _ lookUp: AppendLookUp) -> AppendGroup? {
            guard let head = state.head else { return nil }
            var group = AppendGroup(after: head, now: committing.time.now, refusals: committing.refusals)
            for (index, work) in works.enumerated() where !group.add(work, lookUp, state) {
                queue.putBack(last: works.count - index)
                break
            }
            state.advance(to: group.seal())
            groupCount += 1
            sizeOfLast = group.answers.count
            return group
        }

        /// Waits for the answer to the oldest group, and gives its members theirs.
        private func settleFirst() throws(PostgreSQLFailure) -> Bool {
            let group = underWay.removeFirst()
            do throws(PostgreSQLFailure) {
                let results = try connection.receive()
                isCommitOpen = !underWay.isEmpty
                if group.isCommitted(results[0]) {
                    settle(group)
                    return true
                }
            } catch {
                guard !error.breaksConnection else { throw error }
                if !error.isInTheWay {
                    let refusal = error.effectError(at: committing.place, isWrite: true)
                    queue.settle(group.answers.map { _ in .failure(refusal) })
                }
            }
            // The groups after it were judged upon it, so the server has left them out too.
            while !underWay.isEmpty {
                underWay.removeFirst()
                do throws(PostgreSQLFailure) {
                    _ = try connection.receive()
                } catch {
                    if error.breaksConnection { break }
                }
            }
            isCommitOpen = false
            state.forget()
            state.noteContention()
            queue.putBack()
            return false
        }

        private func settle(_ group: AppendGroup) {
            queue.settle(group.answers)
            if !group.rows.isEmpty { committing.committed() }
        }

        // MARK: With the lock

        /// Takes the lock and commits one group under it.
        ///
        /// The group is taken from the queue only then, so that it can be withdrawn while another process holds the lock.
        func commitLocked() throws(PostgreSQLFailure) {
            try state.lockHead(of: committing.configuration)
            let works = queue.takeGroup(byteLimit: committing.configuration.batch.bytes)
            state.trim()
            var lookUp = AppendLookUp(for: works, state)
            while !lookUp.isEmpty {
                try lookUp.runLocked(state)
                lookUp = AppendLookUp(for: works, state, after: lookUp)
            }
            guard let group = judge(works, lookUp) else { throw .missingHead }
            var batch = PostgreSQLBatch()
            if !group.rows.isEmpty {
                group.addStatement(to: &batch)
            }
            batch.add("COMMIT")
            isCommitOpen = !group.rows.isEmpty
            let results = try connection.run(batch)
            isCommitOpen = false
            guard group.rows.isEmpty || group.isCommitted(results[0]) else { throw .missingHead }
            settle(group)
        }
    }
}

extension PostgreSQLFailure {
    /// Whether another process's transaction was in the way of one that did not take the lock first.
    fileprivate var isInTheWay: Bool {
        isConflict || kind == .refused(.lockNotAvailable) || kind == .refused(.uniqueViolation)
    }
}
#endif
