internal import AuraEffects

/// Where the projection keeps what in storage.
enum ProjectionKey {
    /// Before every key of the projection.
    static let prefix = "fieldnotes/"

    /// How far the projection has come.
    static let checkpoint = StorageKey(prefix + "checkpoint")

    /// A note's ``NoteRecord``.
    static func note(_ note: NoteID) -> StorageKey { StorageKey(notePrefix + note.description) }
    static let notePrefix = prefix + "note/"

    /// The note whose text the search index calls by a position.
    static func document(_ position: Position) -> StorageKey {
        StorageKey(prefix + "document/" + hexadecimal(position.rawValue))
    }

    /// The notes by their last change, the latest first.
    static func recent(_ changed: HybridTimestamp, _ note: NoteID) -> StorageKey {
        StorageKey(recentPrefix + hexadecimal(~changed.rawValue) + "/" + note.description)
    }
    static let recentPrefix = prefix + "recent/"

    /// A folder that was imported; the value is its name.
    static func source(_ name: String) -> StorageKey {
        StorageKey(sourcePrefix + SHA256.hash(Array(name.utf8)).description)
    }
    static let sourcePrefix = prefix + "source/"

    /// An entry that this version does not understand; the value says why.
    static func unknown(_ position: Position) -> StorageKey {
        StorageKey(unknownPrefix + hexadecimal(position.rawValue))
    }
    static let unknownPrefix = prefix + "unknown/"

    /// A full block of the search index.
    static func block(_ bucket: Int, _ number: Int) -> StorageKey {
        StorageKey(prefix + "index/\(bucket)/\(number)")
    }

    /// The block of a bucket that is still being filled.
    static func tail(_ bucket: Int) -> StorageKey {
        StorageKey(prefix + "index/\(bucket)/tail")
    }

    /// The note that a key of ``note(_:)`` or ``recent(_:_:)`` ends with.
    static func note(in key: StorageKey) -> NoteID? {
        EntryID(String(key.text.suffix(32))).map { NoteID(rawValue: $0.rawValue) }
    }

    /// The position that a key of ``unknown(_:)`` ends with.
    static func position(in key: StorageKey) -> Position? {
        UInt64(key.text.suffix(16), radix: 16).map { Position(rawValue: $0) }
    }

    private static func hexadecimal(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
