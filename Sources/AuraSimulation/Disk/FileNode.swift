/// A file of a simulated disk: its bytes as readers see them, and what is needed to go back to those that are durable.
///
/// A sector that was changed since the last sync has its durable bytes kept beside it, and every change since is kept in
/// order, so that a power failure can let each sector have any of the states that it has gone through.
struct FileNode: Sendable {
    private enum Change {
        case write(offset: Int, bytes: [UInt8])
        case truncate(size: Int)
    }

    let sectorSize: Int
    private(set) var bytes: [UInt8] = []
    private var durableSize = 0
    /// The durable bytes of sectors that differ from them; those beyond the durable size are left out.
    private var durableSectors: [Int: [UInt8]] = [:]
    /// Sectors that a failed sync has forgotten: not durable, and not to be written by the next sync.
    private var forgotten: Set<Int> = []
    private var changes: [Change] = []
    private(set) var unsyncedBytes = 0

    /// How many names the file has, how often it is open, and how many unsynced removals of its name there are.
    var names = 0
    var openings = 0
    var pendingRemovals = 0
    /// Whether the disk counts the file's room as taken.
    var takesRoom = true
    /// The opening that holds the lock.
    var lockOwner: UInt64?

    init(sectorSize: Int) {
        self.sectorSize = sectorSize
    }

    /// How much room the file takes.
    static func room(_ size: Int, sectorSize: Int) -> Int {
        (size + sectorSize - 1) / sectorSize * sectorSize
    }

    private func sectors(_ range: Range<Int>) -> Range<Int> {
        range.lowerBound / sectorSize..<(range.upperBound + sectorSize - 1) / sectorSize
    }

    // MARK: Changes

    mutating func write(_ source: UnsafeRawBufferPointer, at offset: Int) {
        guard source.count > 0 else { return }
        let end = offset + source.count
        var range = offset..<end
        for sector in sectors(range) {
            keepDurable(sector)
            // The whole of such a sector is written again, with what was forgotten.
            guard forgotten.remove(sector) != nil else { continue }
            let whole = sector * sectorSize..<min((sector + 1) * sectorSize, max(bytes.count, end))
            range = min(range.lowerBound, whole.lowerBound)..<max(range.upperBound, whole.upperBound)
        }
        extend(to: end)
        unsafe bytes.withUnsafeMutableBytes { target in
            unsafe UnsafeMutableRawBufferPointer(rebasing: target[offset..<end]).copyMemory(from: source)
        }
        changes.append(.write(offset: range.lowerBound, bytes: Array(bytes[range])))
        unsyncedBytes += range.count
    }

    mutating func truncate(to size: Int) {
        for sector in sectors(min(size, bytes.count)..<bytes.count) {
            keepDurable(sector)
            if sector * sectorSize >= size { forgotten.remove(sector) }
        }
        resize(to: size)
        changes.append(.truncate(size: size))
    }

    private mutating func keepDurable(_ sector: Int) {
        let start = sector * sectorSize
        guard start < durableSize, durableSectors[sector] == nil else { return }
        durableSectors[sector] = Array(bytes[start..<min(start + sectorSize, durableSize)])
    }

    private mutating func extend(to size: Int) {
        // An array is copied as a whole: without optimization 'repeatElement' takes a microsecond for each byte.
        if size > bytes.count { bytes.append(contentsOf: Array(repeating: 0, count: size - bytes.count)) }
    }

    private mutating func resize(to size: Int) {
        if size < bytes.count { bytes.removeLast(bytes.count - size) } else { extend(to: size) }
    }

    /// Flips a bit where readers and the disk agree on it; `false` where the byte is not durable.
    mutating func flip(bit: Int, at offset: Int) -> Bool {
        guard offset < min(bytes.count, durableSize), durableSectors[offset / sectorSize] == nil else { return false }
        bytes[offset] ^= 1 << UInt8(bit)
        return true
    }

    // MARK: Syncing

    /// Makes everything durable but what a failed sync has forgotten.
    mutating func sync() {
        durableSectors = forgotten.isEmpty ? [:] : durableSectors.filter { forgotten.contains($0.key) }
        durableSize = bytes.count
        forgetChanges()
    }

    /// Makes some sectors durable by chance and forgets the others.
    ///
    /// - Returns: How many are forgotten.
    mutating func failSync(_ random: inout DiskGenerator) -> Int {
        var dirty = Set(durableSectors.keys)
        for case .write(let offset, let written) in changes {
            dirty.formUnion(sectors(offset..<offset + written.count))
        }
        for sector in dirty.subtracting(forgotten).sorted() {
            if random.happens(0.5) {
                durableSectors[sector] = nil
            } else {
                forgotten.insert(sector)
                durableSectors[sector] = durableSectors[sector] ?? []
            }
        }
        let isSizeDurable = random.happens(0.5)
        if isSizeDurable || bytes.count < durableSize {
            durableSize = bytes.count
        } else {
            // Beyond the durable size nothing is durable.
            for sector in dirty where sector * sectorSize >= durableSize {
                durableSectors[sector] = durableSectors[sector] ?? []
                forgotten.insert(sector)
            }
        }
        forgetChanges()
        return forgotten.count
    }

    private mutating func forgetChanges() {
        changes.removeAll(keepingCapacity: true)
        unsyncedBytes = 0
    }

    // MARK: Crashes

    /// Whether a power failure may change the file.
    var isDurable: Bool { changes.isEmpty && durableSectors.isEmpty && durableSize == bytes.count }

    /// Lets the file be what a power failure leaves: of each sector one of its states since the last sync.
    ///
    /// - Parameters:
    ///   - survival: The chance of a change to have reached the disk.
    ///   - tearsSectors: Whether a sector may be written in part.
    ///   - random: Decides.
    ///   - statistics: Counts what is lost.
    mutating func crash(
        survival: Double,
        tearsSectors: Bool,
        _ random: inout DiskGenerator,
        _ statistics: inout DiskStatistics
    ) {
        lockOwner = nil
        openings = 0
        guard !isDurable else { return }
        let surviving = survivingChanges(survival: survival, &random)
        var kept = keptStates(of: surviving, survival: survival, &random)
        restoreDurable()
        for change in surviving {
            switch change {
            case .truncate(let size): resize(to: size)
            case .write(let offset, let written):
                var lost = 0
                let touched = sectors(offset..<offset + written.count)
                for sector in touched {
                    let piece =
                        max(offset, sector * sectorSize)..<min(offset + written.count, (sector + 1) * sectorSize)
                    let states = kept[sector, default: 0]
                    kept[sector] = states - 1
                    if states > 0 {
                        apply(written, from: offset, piece)
                        continue
                    }
                    lost += 1
                    // The one that was under way.
                    if tearsSectors && states == 0 && random.happens(0.5) {
                        apply(written, from: offset, piece.prefix(random.below(piece.count + 1)))
                    }
                }
                statistics.lostSectors += lost
                if lost > 0 && lost < touched.count { statistics.tornWrites += 1 }
            }
        }
        durableSize = bytes.count
        forgetChanges()
    }

    /// The changes without truncations that did not reach the disk, and without what was written where they have made room.
    private func survivingChanges(survival: Double, _ random: inout DiskGenerator) -> [Change] {
        var isTruncationLost = false
        var limit = Int.max
        return changes.filter { change in
            switch change {
            case .truncate(let size):
                // They reach the disk in their order.
                isTruncationLost = isTruncationLost || !random.happens(survival)
                if isTruncationLost { limit = min(limit, size) }
                return !isTruncationLost
            case .write(let offset, let written): return offset + written.count <= limit
            }
        }
    }

    /// How many of the writes of each sector have reached the disk.
    private func keptStates(
        of surviving: [Change],
        survival: Double,
        _ random: inout DiskGenerator
    ) -> [Int: Int] {
        var counts: [Int: Int] = [:]
        for case .write(let offset, let written) in surviving {
            for sector in sectors(offset..<offset + written.count) { counts[sector, default: 0] += 1 }
        }
        for sector in counts.keys.sorted() {
            let count = counts[sector, default: 0]
            if !random.happens(survival) { counts[sector] = random.below(count) }
        }
        return counts
    }

    private mutating func restoreDurable() {
        resize(to: durableSize)
        for (sector, durable) in durableSectors where sector * sectorSize < durableSize {
            let start = sector * sectorSize
            let end = min(start + sectorSize, durableSize)
            bytes.replaceSubrange(
                start..<end,
                with: (durable + Array(repeating: 0, count: sectorSize)).prefix(end - start)
            )
        }
        durableSectors = [:]
        forgotten = []
    }

    private mutating func apply(_ written: [UInt8], from offset: Int, _ range: Range<Int>) {
        guard !range.isEmpty else { return }
        extend(to: range.upperBound)
        bytes.replaceSubrange(range, with: written[range.lowerBound - offset..<range.upperBound - offset])
    }
}
