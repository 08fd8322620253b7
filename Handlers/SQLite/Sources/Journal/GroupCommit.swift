#if SQLite
internal import AuraEffects
internal import AuraRuntime

extension SQLiteSession where State == JournalWriterState {
    /// Commits queued appends in groups until the queue is finished and empty.
    ///
    /// The group is taken only once the transaction has begun, so that appends may still be withdrawn while another
    /// process holds the lock.
    ///
    /// - Parameters:
    ///   - queue: Where the appends wait.
    ///   - byteLimit: The most bytes of payload in one group.
    ///   - time: The wall clock of the timestamps.
    ///   - place: Where failures happen.
    ///   - committed: Called after each commit.
    func commitGroups(
        from queue: CommitQueue<PreparedAppend>,
        byteLimit: Int,
        time: any TimeEffects,
        at place: SQLitePlace,
        committed: @Sendable () -> Void
    ) async {
        while await queue.hasWork() {
            do throws(EffectError) {
                let answers = try await write(at: place) { state throws(EffectError) in
                    try writeGroup(from: queue, byteLimit: byteLimit, state: state, now: time.now, at: place)
                }
                queue.settle(answers)
                committed()
            } catch {
                queue.fail(error)
            }
        }
    }
}

/// How often a group takes in what was queued while it was written.
///
/// The callers of the group before are awake again by then, so that they share a sync instead of waiting for the next.
private let roundsPerGroup = 4

/// Judges and writes each append of a group on its own: one that is refused fails alone.
///
/// - Throws: Only what fails the whole transaction.
private func writeGroup(
    from queue: CommitQueue<PreparedAppend>,
    byteLimit: Int,
    state: JournalWriterState,
    now: WallTime,
    at place: SQLitePlace
) throws(EffectError) -> [CommitQueue<PreparedAppend>.Answer] {
    let appending = JournalAppending(state: state, place: place, now: now)
    var answers: [CommitQueue<PreparedAppend>.Answer] = []
    for _ in 0..<roundsPerGroup {
        let joining = queue.joinGroup(byteLimit: byteLimit)
        if joining.isEmpty { break }
        for append in joining {
            do throws(EffectError) {
                answers.append(.success(try appending.append(append)))
            } catch {
                // What SQLite itself refused has left the transaction in doubt; what was judged has not touched it.
                if error.cause is SQLiteFailure { throw error }
                answers.append(.failure(error))
            }
        }
    }
    return answers
}
#endif
