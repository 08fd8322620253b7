internal import AuraEffects
internal import AuraRuntime
internal import Synchronization

/// The store as a process knows it: what was opened last, what could not be opened, and whose turn it is to open.
///
/// Opening takes as long as a password's stretching: one caller does it, the others wait for what comes of it.
final class KnownKeys: Sendable {
    /// What a caller with a revision that was read from the storage is to do.
    enum Step: Sendable {
        /// Use what was opened.
        case use(OpenedKeys)
        /// Give up: this revision was tried, and none ever comes back as another one.
        case refuse(EffectError)
        /// Read again, after this turn or at once.
        case readAgain(after: OneShot<Bool>?)
        /// Open it, and settle whatever comes of it.
        case open
    }

    private struct State {
        var keys: OpenedKeys?
        var refused: (revision: StorageRevision, error: EffectError)?
        var isOpening = false
        var waiting: [OneShot<Bool>] = []
    }

    private let state = Mutex(State())

    /// The store as it was opened last.
    var keys: OpenedKeys? { state.withLock { $0.keys } }

    /// What to do about a revision.
    ///
    /// - Parameters:
    ///   - revision: The revision that was read.
    ///   - known: ``keys`` from before the reading: what was read is no older than they are.
    /// - Returns: The step.
    func step(for revision: StorageRevision, since known: OpenedKeys?) -> Step {
        state.withLock { state in
            if let keys = state.keys, keys.revision == revision { return .use(keys) }
            if let refused = state.refused, refused.revision == revision { return .refuse(refused.error) }
            if state.isOpening {
                let turn = OneShot<Bool>()
                state.waiting.append(turn)
                return .readAgain(after: turn)
            }
            guard state.keys?.revision == known?.revision else { return .readAgain(after: nil) }
            state.isOpening = true
            return .open
        }
    }

    /// Ends a turn with what was opened, and lets the others look again.
    ///
    /// - Returns: The store to use.
    func settle(_ keys: OpenedKeys) -> OpenedKeys {
        endTurn { Self.advance(&$0, to: keys) }
    }

    /// Ends a turn with the reason why a revision was not opened, and lets the others look again.
    func settle(_ error: EffectError, of revision: StorageRevision) {
        endTurn { if error.isFinal { $0.refused = (revision, error) } }
    }

    private func endTurn<Result: Sendable>(_ change: (inout State) -> Result) -> Result {
        let (result, waiting) = state.withLock { state in
            let result = change(&state)
            state.isOpening = false
            defer { state.waiting = [] }
            return (result, state.waiting)
        }
        for turn in waiting { turn.resolve(true) }
        return result
    }

    /// Takes in a store that was kept.
    ///
    /// - Returns: The store to use: the handles of another caller where that one has opened it meanwhile.
    func advance(to keys: OpenedKeys) -> OpenedKeys {
        state.withLock { Self.advance(&$0, to: keys) }
    }

    private static func advance(_ state: inout State, to keys: OpenedKeys) -> OpenedKeys {
        var known = state.keys ?? keys
        // A slow caller may come with less than others have seen meanwhile.
        if keys.document.firstMissing(of: known.document) == nil {
            known.document = keys.document
            known.revision = keys.revision
        }
        state.keys = known
        return known
    }
}

extension EffectError {
    /// Whether it is a verdict about what was read: another try on the same bytes ends the same way.
    fileprivate var isFinal: Bool {
        [.corrupted, .unauthenticated, .invalidArgument, .unsupported].contains(code)
    }
}
