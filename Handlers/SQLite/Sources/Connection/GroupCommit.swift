#if SQLite
internal import AuraEffects
internal import AuraRuntime

extension SQLiteSession {
    /// Commits queued work in groups until the queue is finished and empty.
    ///
    /// The group is taken only once the transaction has begun, so that work may still be withdrawn while another process
    /// holds the lock.
    ///
    /// - Parameters:
    ///   - queue: Where the work waits.
    ///   - byteLimit: The most bytes in one group.
    ///   - place: Where failures happen.
    ///   - committed: Called after each commit.
    ///   - write: Writes a group with the session's state; throws only what fails the whole transaction.
    func commitGroups<Work: QueuedWork>(
        from queue: WorkQueue<Work>,
        byteLimit: Int,
        at place: SQLitePlace,
        committed: @Sendable () -> Void = {},
        _ write: @Sendable (State, CommitGroup<Work>) throws(EffectError) -> [WorkQueue<Work>.Answer]
    ) async {
        while await queue.hasWork() {
            do throws(EffectError) {
                let answers = try await self.write(at: place) { state throws(EffectError) in
                    try write(state, CommitGroup(queue: queue, byteLimit: byteLimit))
                }
                queue.settle(answers)
                committed()
            } catch {
                queue.fail(error)
            }
        }
    }
}

/// The work that is written in one transaction.
struct CommitGroup<Work: QueuedWork> {
    let queue: WorkQueue<Work>
    let byteLimit: Int

    /// How often a group takes in what was queued while it was written.
    ///
    /// The callers of the group before are awake again by then, so that they share a sync instead of waiting for the next.
    private static var rounds: Int { 4 }

    /// Judges and writes each member on its own: one that is refused fails alone.
    ///
    /// - Parameter write: Writes one, or refuses it before it has changed anything.
    /// - Returns: The answers in the order of the members.
    /// - Throws: Only what fails the whole transaction: what SQLite refused.
    func writeEach(
        _ write: (Work) throws(EffectError) -> Work.Answer
    ) throws(EffectError) -> [WorkQueue<Work>.Answer] {
        var answers: [WorkQueue<Work>.Answer] = []
        for _ in 0..<Self.rounds {
            let joining = queue.joinGroup(byteLimit: byteLimit)
            if joining.isEmpty { break }
            for work in joining {
                do throws(EffectError) {
                    answers.append(.success(try write(work)))
                } catch {
                    // What SQLite itself refused has left the transaction in doubt; what was judged has not touched it.
                    if error.cause is SQLiteFailure { throw error }
                    answers.append(.failure(error))
                }
            }
        }
        return answers
    }
}
#endif
