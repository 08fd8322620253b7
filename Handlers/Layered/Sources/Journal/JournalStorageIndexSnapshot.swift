internal import AuraEffects

/// The index at a position of the journal, as its snapshot holds it.
///
/// One byte of version; position and number of keys; then for each key its length, its bytes, its value's
/// revision and size. Numbers have eight bytes, the highest first.
struct JournalStorageIndexSnapshot {
    private static let version: UInt8 = 1

    var position: Position
    var items: [StorageKey: JournalStorageIndex.Item]

    init(position: Position, items: [StorageKey: JournalStorageIndex.Item]) {
        self.position = position
        self.items = items
    }

    var encoded: [UInt8] {
        var bytes: [UInt8] = [Self.version]
        func append(_ number: UInt64) {
            withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
        }
        append(position.rawValue)
        append(UInt64(items.count))
        for (key, item) in items {
            append(UInt64(key.text.utf8.count))
            bytes.append(contentsOf: key.text.utf8)
            append(item.revision.rawValue)
            append(UInt64(item.byteCount))
        }
        return bytes
    }

    /// Reads a snapshot; `nil` where it is not of this version's form.
    init?(decoding bytes: [UInt8]) {
        var rest = bytes[...]
        func number() -> UInt64? {
            guard rest.count >= 8 else { return nil }
            defer { rest = rest.dropFirst(8) }
            return rest.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        }
        guard rest.popFirst() == Self.version, let position = number(), let count = number() else { return nil }
        self.init(position: Position(rawValue: position), items: [:])
        for _ in 0..<count {
            guard let length = number(), length <= rest.count else { return nil }
            let key = StorageKey(String(decoding: rest.prefix(Int(length)), as: UTF8.self))
            rest = rest.dropFirst(Int(length))
            guard let revision = number(), let size = number(), size <= Int.max else { return nil }
            items[key] = JournalStorageIndex.Item(
                revision: StorageRevision(rawValue: revision),
                byteCount: Int(size)
            )
        }
        if !rest.isEmpty { return nil }
    }
}
