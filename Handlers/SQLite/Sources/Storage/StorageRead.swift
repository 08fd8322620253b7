#if SQLite
internal import AuraEffects
internal import AuraRuntime

/// A read as it waits for a connection.
struct StorageRead: QueuedWork {
    typealias Answer = StoredValue?

    let key: StorageKey

    let operation = "read"

    /// A group is bounded by the number of its reads.
    var byteCount: Int { 1 }
}

extension SQLiteSession where State == StorageState {
    /// The most reads in one view of the file; few enough that callers of the group before ask again meanwhile.
    private static var readsPerGroup: Int { 32 }

    /// Answers reads until the queue is finished and empty: those that wait together see the file in one view.
    ///
    /// Opening a view costs as much as a read of a small value, and waking callers one by one costs more.
    func readGroups(from queue: WorkQueue<StorageRead>, at place: SQLitePlace) async {
        while await queue.hasWork() {
            let isOne = queue.joinGroup(byteLimit: Self.readsPerGroup).count == 1
            do throws(EffectError) {
                if isOne {
                    try await perform(at: place) { state throws(EffectError) in try state.answer(queue) }
                } else {
                    try await read(at: place) { state throws(EffectError) in try state.answer(queue) }
                }
            } catch {
                queue.fail(error)
            }
            // Listings and the end of the handler get their turn.
            await Task.yield()
        }
    }
}

extension StorageState {
    /// How many bytes of values are held until their callers are woken.
    private static let heldBytes = 256 * 1024

    /// Answers the group that is under way, each read on its own.
    ///
    /// - Throws: `SQLITE_BUSY`, with which the rest of the group is tried again.
    fileprivate func answer(_ queue: WorkQueue<StorageRead>) throws(EffectError) {
        var answers: [WorkQueue<StorageRead>.Answer] = []
        var byteCount = 0
        defer { queue.settle(answers) }
        while let work = queue.underWay(at: answers.count) {
            do throws(EffectError) {
                let value = try read(work.key)
                answers.append(.success(value))
                byteCount += value?.bytes.count ?? 0
            } catch {
                if let failure = error.cause as? SQLiteFailure, failure.isBusy { throw error }
                answers.append(.failure(error))
            }
            if byteCount >= Self.heldBytes {
                queue.settle(answers)
                answers.removeAll(keepingCapacity: true)
                byteCount = 0
            }
        }
    }
}
#endif
