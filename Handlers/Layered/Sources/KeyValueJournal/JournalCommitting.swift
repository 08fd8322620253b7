internal import AuraEffects
internal import AuraRuntime
internal import Logging

/// Brings changes into the log, one commit after the other.
///
/// A change is judged against the commits that are known, and stored under the number behind the last of them on condition
/// that nothing is there. Where another writer was faster, what it committed is read and the change is judged anew: what a
/// caller is told was true right before its commit.
struct JournalCommitting: Sendable {
    let log: CommitLog
    let follower: LogFollower
    let context: HandlerContext
    /// How long to try where the table does not answer.
    let patience: Duration

    private static let firstPause = Duration.milliseconds(5)
    private static let longestPause = Duration.seconds(1)
    private static let entriesPerCheckpoint = 4096

    /// Does what waits in a queue until it is finished and empty.
    func run(_ queue: WorkQueue<JournalWork>, byteLimit: Int) async {
        var lastCheckpoint = follower.index { $0.entries.count }
        while await queue.hasWork() {
            var rest = queue.joinGroup(byteLimit: byteLimit)[...]
            while let first = rest.first {
                let answers: [WorkQueue<JournalWork>.Answer]
                switch first {
                case .append:
                    answers = await append(rest.appends)
                case .merge(let batch):
                    answers = [await merge(batch)]
                case .save(let snapshot):
                    answers = [await save(snapshot)]
                case .compact(let stream, let revision):
                    answers = [await compact(stream, before: revision)]
                }
                rest = rest.dropFirst(answers.count)
                queue.settle(answers)
            }
            await writeCheckpoint(&lastCheckpoint)
        }
    }

    /// Stores what is known, where there is so much more than the last time that it is worth it.
    private func writeCheckpoint(_ last: inout Int) async {
        let count = follower.index { $0.entries.count }
        guard count - last >= max(Self.entriesPerCheckpoint, last / 4),
            let checkpoint = follower.index({ $0.checkpoint })
        else { return }
        last = count
        await tidy { () throws(EffectError) in try await log.put(checkpoint) }
    }

    // MARK: Appends

    private func append(_ appends: [PreparedAppend]) async -> [WorkQueue<JournalWork>.Answer] {
        do throws(EffectError) {
            while true {
                try checkWhole("append")
                let now = context.time.now
                let judgement = follower.index { $0.judge(appends, now: now) }
                let isCurrent: Bool
                if !judgement.entries.isEmpty {
                    let commit = Commit(id: makeID(), first: judgement.first, entries: judgement.entries)
                    isCurrent = try await store(commit, after: judgement.head, in: "append")
                } else if judgement.hasRefusals {
                    // Nothing is stored that would show whether another writer has made an answer wrong.
                    isCurrent = try await !follower.catchUp(beyond: judgement.head, in: "append")
                } else {
                    isCurrent = true
                }
                if isCurrent { return judgement.answers.map { answer in answer.map { .appended($0) } } }
            }
        } catch {
            return appends.map { _ in .failure(error) }
        }
    }

    // MARK: Other changes

    private func change(
        _ operation: String,
        _ judge: (JournalIndex, EntryID) throws(EffectError) -> ChangeJudgement
    ) async -> WorkQueue<JournalWork>.Answer {
        do throws(EffectError) {
            while true {
                try checkWhole(operation)
                let id = makeID()
                let judgement: ChangeJudgement
                let head = follower.index { $0.head }
                do throws(EffectError) {
                    judgement = try follower.tryIndex { index throws(EffectError) in try judge(index, id) }
                } catch {
                    if try await follower.catchUp(beyond: head, in: operation) { continue }
                    throw error
                }
                guard let commit = judgement.commit else { return .success(judgement.answer) }
                if try await store(commit, after: judgement.head, in: operation) { return .success(judgement.answer) }
            }
        } catch {
            return .failure(error)
        }
    }

    private func merge(_ batch: JournalBatch) async -> WorkQueue<JournalWork>.Answer {
        await change("merge") { index, id throws(EffectError) in try index.judge(batch, id: id) }
    }

    private func save(_ snapshot: JournalSnapshot) async -> WorkQueue<JournalWork>.Answer {
        let kept = follower.index { $0.streams[snapshot.stream]?.snapshot?.commit }
        let answer = await change("saveSnapshot") { index, id throws(EffectError) in try index.judge(snapshot, id: id) }
        if let kept, case .success = answer { await strip([kept]) }
        return answer
    }

    private func compact(_ stream: StreamName, before revision: Revision) async -> WorkQueue<JournalWork>.Answer {
        let answer = await change("compact") { index, id throws(EffectError) in
            try index.judge(compacting: stream, before: revision, id: id)
        }
        if case .success = answer {
            await strip(follower.index { $0.commitsToStrip(of: stream) })
            await removeLeftovers()
        }
        return answer
    }

    /// Refuses changes where it is not known what the journal holds: an id that is there could be added again.
    private func checkWhole(_ operation: String) throws(EffectError) {
        if let error = follower.index({ index in index.lostCommits.first.map { index.lost($0, in: operation) } }) {
            throw error
        }
    }

    // MARK: One commit

    private func makeID() -> EntryID {
        EntryID(time: context.time, random: context.random)
    }

    /// Stores a commit behind the last known one.
    ///
    /// - Returns: Whether it is there; not where another writer's is, which is known then.
    /// - Throws: What keeps the table from answering, with the outcome `unknown` where the commit may be there.
    private func store(_ commit: Commit, after head: UInt64, in operation: String) async throws(EffectError) -> Bool {
        let number = head + 1
        var made: CommitLog.Prepared?
        var isUncertain = false
        let deadline = context.time.monotonicNow.advanced(by: patience)
        var pause = Self.firstPause
        while true {
            let failure: EffectError
            do throws(EffectError) {
                if let commit = try await attempt(commit, number, &made, &isUncertain, operation) {
                    follower.apply(CommitLog.Numbered(number: number, commit: commit))
                    return true
                }
                _ = try await follower.catchUp(beyond: head, in: operation)
                return false
            } catch {
                failure = log.mapped(error, in: operation, outcome: isUncertain ? .unknown : .notApplied)
            }
            guard failure.isRetryable, context.time.monotonicNow < deadline else { throw failure }
            // Jitter keeps writers from meeting again at each attempt.
            let jitter = Double(context.random.nextUInt64() % 1024) / 1024
            try await context.time.sleep(for: failure.retryAfter ?? pause * (0.5 + jitter))
            pause = min(pause * 2, Self.longestPause)
        }
    }

    /// Tries to store a commit once.
    ///
    /// - Returns: What is there of it; `nil` where another one is there.
    private func attempt(
        _ commit: Commit,
        _ number: UInt64,
        _ made: inout CommitLog.Prepared?,
        _ isUncertain: inout Bool,
        _ operation: String
    ) async throws(EffectError) -> Commit? {
        let prepared: CommitLog.Prepared
        if let made {
            prepared = made
        } else {
            prepared = try await log.prepare(commit, number)
            made = prepared
        }
        if try await put(prepared, number, &isUncertain, operation) {
            await tidy { () throws(EffectError) in try await log.removeNote(prepared.note) }
            return prepared.commit
        }
        // Nobody has seen what was stored beside the item.
        await tidy { () throws(EffectError) in try await log.discard(prepared) }
        return nil
    }

    private func put(
        _ prepared: CommitLog.Prepared,
        _ number: UInt64,
        _ isUncertain: inout Bool,
        _ operation: String
    ) async throws(EffectError) -> Bool {
        do throws(EffectError) {
            try await log.put(prepared.item, number, if: .absent)
            return true
        } catch {
            if error.outcome == .unknown { isUncertain = true }
            guard error.code == .preconditionFailed || error.outcome == .unknown else { throw error }
            // Whether an earlier attempt went through is told by the id of what is there.
            if isUncertain, try await log.id(of: number, in: operation) == prepared.commit.id { return true }
            guard error.code == .preconditionFailed else { throw error }
            return false
        }
    }

    /// Does what no caller waits for; what it leaves where it fails is found by the next one who looks for leftovers.
    private func tidy(_ body: () async throws(EffectError) -> Void) async {
        do throws(EffectError) {
            try await body()
        } catch {
            context.logger.debug("The journal's table is not tidied up, this time: \(error)")
        }
    }
}

extension ArraySlice<JournalWork> {
    /// The appends at the start.
    fileprivate var appends: [PreparedAppend] {
        var appends: [PreparedAppend] = []
        for work in self {
            guard case .append(let append) = work else { break }
            appends.append(append)
        }
        return appends
    }
}
