#if PostgreSQL
internal import AuraEffects
internal import AuraRuntime

/// What a group of changes comes to: judged in memory, one after the other, against what is stored.
struct StorageJudgement {
    private struct Entry {
        /// The stored version before the group; `nil` where there is none.
        var before: StorageRevision?
        var after: StorageRevision?
        var bytes: [UInt8] = []
        /// Whether a change that was applied needs that there is no value, and writes none.
        var mustBeAbsent = false
    }

    /// A value to store.
    struct Value {
        var key: StorageKey
        var revision: StorageRevision
        var bytes: [UInt8]
    }

    private var entries: [StorageKey: Entry]
    private let validation: StorageValidation

    /// Creates a judgement that knows what is stored under the keys of its changes.
    init(stored: [StorageKey: StorageRevision], validation: StorageValidation) {
        entries = stored.mapValues { Entry(before: $0, after: $0) }
        self.validation = validation
    }

    /// Applies a change, or refuses it without having touched anything.
    ///
    /// - Parameters:
    ///   - change: The change.
    ///   - makeRevision: Issues a revision.
    /// - Returns: What became of each mutation.
    /// - Throws: ``EffectError`` with `preconditionFailed`; what `makeRevision` throws.
    mutating func apply(
        _ change: StorageChange,
        makeRevision: () throws(EffectError) -> StorageRevision
    ) throws(EffectError) -> [StorageChange.Result] {
        for mutation in change.mutations {
            let stored = entries[mutation.key]?.after
            try validation.check(mutation.precondition, on: mutation.key, stored: stored, in: change.operation)
        }
        var results: [StorageChange.Result] = []
        results.reserveCapacity(change.mutations.count)
        for mutation in change.mutations {
            var entry = entries[mutation.key] ?? Entry()
            let existed = entry.after != nil
            switch mutation.change {
            case .write(let bytes):
                entry.after = try makeRevision()
                entry.bytes = bytes
            case .remove:
                entry.after = nil
                entry.bytes = []
                if mutation.precondition == .absent, change.mutations.count > 1 { entry.mustBeAbsent = true }
            }
            entries[mutation.key] = entry
            results.append(StorageChange.Result(revision: entry.after, existed: existed))
        }
        return results
    }

    // MARK: What to do, in the order of the keys

    /// Values under keys that had none.
    ///
    /// One that another process stores meanwhile makes their insertion fail. So that this happens too where a key was only
    /// relied on to have no value, it gets one, which is among the ``removals``.
    var insertions: [Value] {
        sorted { key, entry in
            guard entry.before == nil else { return nil }
            if entry.after == nil, !entry.mustBeAbsent { return nil }
            return Value(key: key, revision: entry.after ?? StorageRevision(rawValue: 0), bytes: entry.bytes)
        }
    }

    /// Values under keys that had another.
    var overwrites: [Value] {
        sorted { key, entry in
            guard let before = entry.before, let after = entry.after, before != after else { return nil }
            return Value(key: key, revision: after, bytes: entry.bytes)
        }
    }

    /// Keys whose values are removed.
    var removals: [StorageKey] {
        sorted { key, entry in
            entry.after == nil && (entry.before != nil || entry.mustBeAbsent) ? key : nil
        }
    }

    private func sorted<Element>(_ element: (StorageKey, Entry) -> Element?) -> [Element] {
        entries.compactMap { key, entry in element(key, entry).map { (key, $0) } }.sorted { $0.0 < $1.0 }.map(\.1)
    }
}
#endif
