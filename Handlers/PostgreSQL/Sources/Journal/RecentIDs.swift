#if PostgreSQL
internal import AuraEffects

/// The ids that were appended last: what tells a new id from a known one without asking the server.
///
/// Callers take their ids before they queue, so an id is often a little lower than the highest one.
struct RecentIDs {
    struct Key: Hashable {
        var stream: Int
        var id: EntryID

        // The id alone tells nearly all entries apart.
        func hash(into hasher: inout Hasher) {
            hasher.combine(id)
        }
    }

    /// How many ids one generation holds.
    private static let generationSize = 8192

    private var newer: Set<Key> = []
    private var older: Set<Key> = []
    private var highestOfNewer: EntryID?
    private var highestOfOlder: EntryID?
    /// No id above this one is missing here.
    private var floor: EntryID?

    /// Begins anew in a journal whose highest id is this.
    mutating func reset(above floor: EntryID?) {
        self = RecentIDs()
        self.floor = floor
    }

    mutating func insert(_ key: Key) {
        if newer.count >= Self.generationSize {
            if let dropped = highestOfOlder { floor = max(floor ?? dropped, dropped) }
            swap(&older, &newer)
            highestOfOlder = highestOfNewer
            newer.removeAll(keepingCapacity: true)
            highestOfNewer = nil
        }
        newer.insert(key)
        highestOfNewer = max(highestOfNewer ?? key.id, key.id)
    }

    /// Whether the journal may hold an id already.
    func mayHold(_ key: Key) -> Bool {
        if let floor, key.id <= floor { return true }
        return newer.contains(key) || older.contains(key)
    }
}
#endif
