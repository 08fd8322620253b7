internal import AuraEffects
internal import AuraRuntime
internal import Logging
internal import Synchronization

/// Which keys a journal holds values under, brought up to date before each listing.
final class JournalStorageIndex: Sendable {
    /// What is known of a value without its bytes.
    struct Item: Sendable, Hashable {
        var revision: StorageRevision
        var byteCount: Int
    }

    private struct State {
        /// `nil` before the first listing.
        var position: Position?
        var items: [StorageKey: Item] = [:]
        var order = StorageKeyOrder()
        /// How many entries were read since the index was loaded or saved.
        var unsavedEntries = 0

        mutating func set(_ item: Item?, under key: StorageKey) {
            guard let item else {
                items.removeValue(forKey: key)
                return
            }
            if items.updateValue(item, forKey: key) == nil {
                let items = items
                order.insert(key, keyCount: items.count) { items[$0] != nil }
            }
        }
    }

    /// What an entry means for the index.
    private struct Change {
        var position: Position
        var key: StorageKey
        /// `nil` for a removal.
        var item: Item?
    }

    private static let pageSize = 1000
    /// Reading so many entries at the next start costs less than a snapshot now.
    private static let entriesWorthASnapshot = 1000

    private let journal: any JournalEffects
    private let streams: JournalStorageStreams
    private let logger: Logger
    private let state = Mutex(State())

    init(_ journal: any JournalEffects, streams: JournalStorageStreams, logger: Logger) {
        self.journal = journal
        self.streams = streams
        self.logger = logger
    }

    /// A page of what the journal holds at some moment after the call.
    func page(prefix: String, after key: StorageKey?, size: Int) async throws(EffectError) -> StoragePage {
        let start = try await start()
        let (changes, end, count) = try await changes(after: start)
        return state.withLock { state in
            apply(changes, count: count, upTo: end, to: &state)
            let items = state.items
            return state.order.page(prefix: prefix, after: key, size: size, keyCount: items.count) { key in
                items[key].map { StoragePage.Item(key: key, revision: $0.revision, byteCount: $0.byteCount) }
            }
        }
    }

    // MARK: Reading on

    /// What came after a position, up to a moment within this call; never a part of an append.
    ///
    /// The journal's frontier says where that moment is: reading until there is no more might not end while others write,
    /// and a page may end within an append.
    private func changes(
        after start: Position
    ) async throws(EffectError) -> (changes: [Change], end: Position, count: Int) {
        var page = try await journal.readAll(after: start, limit: Self.pageSize)
        if page.isEmpty { return ([], start, 0) }
        var frontier = try await journal.frontier()
        var changes: [Change] = []
        var end = start
        var count = 0
        while !page.isEmpty {
            // A compacted value was overwritten by an entry that may lie beyond the frontier: its size is not known.
            if page.contains(where: { $0.payload == nil }) { frontier = try await journal.frontier() }
            for entry in page {
                if entry.sequence > frontier.sequence(of: entry.origin) { return (changes, end, count) }
                if let change = change(entry) { changes.append(change) }
                end = entry.position
                count += 1
            }
            page = try await journal.readAll(after: end, limit: Self.pageSize)
        }
        return (changes, end, count)
    }

    private func change(_ entry: JournalEntry) -> Change? {
        guard let key = streams.key(of: entry.stream) else { return nil }
        let revision = StorageRevision(rawValue: entry.position.rawValue)
        let item = Item(revision: revision, byteCount: entry.payload?.count ?? 0)
        return Change(
            position: entry.position,
            key: key,
            item: entry.kind == JournalStorageStreams.removed ? nil : item
        )
    }

    /// Applies changes, unless another listing was faster.
    private func apply(_ changes: [Change], count: Int, upTo end: Position, to state: inout State) {
        let known = state.position ?? .start
        guard end > known else { return }
        for change in changes where change.position > known { state.set(change.item, under: change.key) }
        state.position = end
        state.unsavedEntries += count
    }

    // MARK: Snapshots

    /// Where to read on from: at the first listing where the kept snapshot stands.
    private func start() async throws(EffectError) -> Position {
        if let position = state.withLock({ $0.position }) { return position }
        let kept = try await keptSnapshot()
        return state.withLock { state in
            if let position = state.position { return position }
            for (key, item) in kept?.items ?? [:] { state.set(item, under: key) }
            state.position = kept?.position ?? .start
            return kept?.position ?? .start
        }
    }

    private func keptSnapshot() async throws(EffectError) -> JournalStorageIndexSnapshot? {
        guard journal.capabilities.contains(.snapshots) else { return nil }
        do throws(EffectError) {
            guard let snapshot = try await journal.latestSnapshot(of: streams.index) else { return nil }
            return JournalStorageIndexSnapshot(decoding: snapshot.state)
        } catch  where error.code == .corrupted {
            logger.warning("The snapshot of the index is damaged, so the index is made anew from the journal.")
            return nil
        }
    }

    /// Saves the index as a snapshot, where the journal takes one and the next start would gain by it.
    func save() async {
        guard journal.capabilities.contains(.snapshots) else { return }
        let snapshot = state.withLock { state -> JournalStorageIndexSnapshot? in
            guard let position = state.position, state.unsavedEntries >= Self.entriesWorthASnapshot else { return nil }
            return JournalStorageIndexSnapshot(position: position, items: state.items)
        }
        guard let bytes = snapshot?.encoded, bytes.count <= journal.capabilities.limit(.snapshotBytes) else { return }
        do throws(EffectError) {
            try await journal.saveSnapshot(JournalSnapshot(stream: streams.index, revision: .first, state: bytes))
            state.withLock { $0.unsavedEntries = 0 }
        } catch {
            logger.debug("The index was not saved; the next start reads the journal instead: \(error)")
        }
    }
}
