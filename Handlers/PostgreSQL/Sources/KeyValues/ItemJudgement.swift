#if PostgreSQL
internal import AuraEffects
internal import AuraRuntime

/// What a group of changes comes to: judged in memory, one after the other, against what is stored.
struct ItemJudgement {
    /// An item to store.
    struct Row {
        var key: ItemKey
        var revision: UInt64
        var item: Item
    }

    private enum State {
        case stored(UInt64)
        case put(Row)
        case removed

        var revision: CloudRevision? {
            switch self {
            case .stored(let revision): CloudRevision(rawValue: String(revision))
            case .put(let row): CloudRevision(rawValue: String(row.revision))
            case .removed: nil
            }
        }
    }

    private var states: [ItemKey: State]
    private let errors: HandlerErrors

    /// Creates a judgement that knows the revisions of what is stored under the keys of its changes.
    init(stored: [ItemKey: UInt64], errors: HandlerErrors) {
        states = stored.mapValues { .stored($0) }
        self.errors = errors
    }

    /// Applies a change, or refuses it without having touched anything.
    ///
    /// - Parameters:
    ///   - change: The change.
    ///   - makeRevision: Issues a revision.
    /// - Returns: For each mutation the new version.
    /// - Throws: ``EffectError`` with `preconditionFailed`; what `makeRevision` throws.
    mutating func apply(
        _ change: ItemChange,
        makeRevision: () throws(EffectError) -> UInt64
    ) throws(EffectError) -> [CloudRevision?] {
        for mutation in change.mutations {
            let stored = states[mutation.key]?.revision
            let key = mutation.key.description
            try errors.check(mutation.precondition, on: key, stored: stored, in: change.operation)
        }
        var answers: [CloudRevision?] = []
        for mutation in change.mutations {
            let state: State
            switch mutation.change {
            case .put(let item): state = .put(Row(key: mutation.key, revision: try makeRevision(), item: item))
            case .remove: state = .removed
            }
            states[mutation.key] = state
            answers.append(state.revision)
        }
        return answers
    }

    /// The items to store.
    var rows: [Row] {
        states.values.compactMap { if case .put(let row) = $0 { row } else { nil } }
    }

    /// The keys under which nothing is left.
    var removals: [ItemKey] {
        states.compactMap { if case .removed = $0.value { $0.key } else { nil } }
    }
}
#endif
