/// A folder of a simulated disk: its names as readers see them, and the changes since its last sync.
///
/// A power failure undoes the last of those changes, any number of them: file systems with a journal keep the order of the
/// changes of one folder. What changed in another folder is independent of them.
struct FolderNode: Sendable {
    /// What a name stood for before a change.
    struct Former: Sendable {
        var name: String
        var number: UInt64?
    }

    private(set) var entries: [String: UInt64] = [:]
    private var changes: [[Former]] = []

    /// Whether a power failure may change the folder.
    var isDurable: Bool { changes.isEmpty }

    /// Lets names stand for something else, all in one change.
    mutating func change(_ edits: [(name: String, number: UInt64?)]) {
        changes.append(edits.map { Former(name: $0.name, number: entries[$0.name]) })
        for (name, number) in edits { entries[name] = number }
    }

    /// Makes the names durable.
    ///
    /// - Returns: What the names stood for in the meantime, as often as a change has ended that.
    mutating func sync() -> [UInt64] {
        defer { changes = [] }
        return changes.joined().compactMap(\.number)
    }

    /// Makes some of the changes durable: the first ones.
    mutating func failSync(_ random: inout DiskGenerator) -> [UInt64] {
        let count = random.below(changes.count + 1)
        defer { changes.removeFirst(count) }
        return changes.prefix(count).joined().compactMap(\.number)
    }

    /// Undoes what a power failure undoes.
    ///
    /// - Returns: How many changes that are.
    mutating func crash(survival: Double, _ random: inout DiskGenerator) -> Int {
        guard !changes.isEmpty, !random.happens(survival) else {
            changes = []
            return 0
        }
        let lost = changes[random.below(changes.count)...]
        for change in lost.reversed() {
            for former in change.reversed() { entries[former.name] = former.number }
        }
        defer { changes = [] }
        return lost.count
    }
}
