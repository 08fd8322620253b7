internal import AuraEffects
internal import AuraRuntime
internal import Synchronization

/// A table of a simulated cloud, with what it was a while ago.
final class SimulatedTable: Sendable {
    private struct Change: Sendable {
        var moment: MonotonicInstant
        var key: ItemKey
        /// What was there before; `nil` for nothing.
        var before: StoredItem?
    }

    private struct State: Sendable {
        var items: [ItemKey: StoredItem] = [:]
        var lastRevision: UInt64 = 0
        // In the order of their happening, those of the last minute.
        var changes: [Change] = []
    }

    /// How far a read lags behind at most.
    static let longestLag = Duration.seconds(60)

    private let state = Mutex(State())

    /// Applies changes all together or not at all.
    ///
    /// - Parameters:
    ///   - mutations: The changes.
    ///   - errors: Makes the handler's errors.
    ///   - operation: The operation's name.
    ///   - now: The wall clock, by which items expire.
    ///   - moment: When it happens.
    /// - Returns: For each change the new version, or `nil` for a removal.
    /// - Throws: ``EffectError`` with `preconditionFailed`.
    func apply(
        _ mutations: [ItemMutation],
        _ errors: HandlerErrors,
        in operation: String,
        at now: WallTime,
        _ moment: MonotonicInstant
    ) throws(EffectError) -> [CloudRevision?] {
        try state.withLock { state throws(EffectError) in
            for mutation in mutations {
                let stored = state.items[mutation.key].flatMap { $0.isLive(at: now) ? $0.revision : nil }
                try errors.check(
                    mutation.precondition,
                    on: mutation.key.description,
                    stored: stored,
                    in: operation
                )
            }
            let oldest = moment.advanced(by: .zero - Self.longestLag)
            if let first = state.changes.first, first.moment < oldest {
                state.changes.removeAll { $0.moment < oldest }
            }
            return mutations.map { mutation in
                let before = state.items[mutation.key]
                state.changes.append(Change(moment: moment, key: mutation.key, before: before))
                guard case .put(let item) = mutation.change else {
                    state.items[mutation.key] = nil
                    return nil
                }
                state.lastRevision += 1
                let revision = CloudRevision(rawValue: String(state.lastRevision))
                state.items[mutation.key] = StoredItem(key: mutation.key, item: item, revision: revision)
                return revision
            }
        }
    }

    /// The live items of a partition as they were at a moment, in the order of their sort keys' bytes.
    ///
    /// - Parameters:
    ///   - partition: The partition.
    ///   - now: The wall clock, by which items expire.
    ///   - moment: The moment; `nil` for now.
    /// - Returns: The items, and whether they miss a change.
    func items(
        of partition: String,
        at now: WallTime,
        asOf moment: MonotonicInstant?
    ) -> (items: [StoredItem], isStale: Bool) {
        state.withLock { state in
            var items = state.items.filter { ItemKey(partition, $0.key.sort) == $0.key }
            var isStale = false
            if let moment {
                for change in state.changes.reversed() {
                    guard change.moment > moment else { break }
                    guard ItemKey(partition, change.key.sort) == change.key else { continue }
                    items[change.key] = change.before
                    isStale = true
                }
            }
            let live = items.values.filter { $0.isLive(at: now) }.sorted { $0.key < $1.key }
            return (live, isStale)
        }
    }
}

extension StoredItem {
    fileprivate func isLive(at now: WallTime) -> Bool {
        item.expires.map { now.nanosecondsSinceEpoch < $0.nanosecondsSinceEpoch } ?? true
    }
}
