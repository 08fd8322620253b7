internal import AuraEffects

/// How far the projection has come in the journal.
struct Checkpoint: Hashable, Sendable {
    /// The last entry taken in.
    var position: Position
    /// Its hash: tells another journal, or an older copy of this one, from the one that the projection was made from.
    var hash: SHA256Digest

    static let start = Checkpoint(position: .start, hash: .zero)

    init(position: Position, hash: SHA256Digest) {
        self.position = position
        self.hash = hash
    }

    init(_ entry: JournalEntry) {
        self.init(position: entry.position, hash: entry.hash)
    }

    var encoded: [UInt8] {
        var writer = ByteWriter()
        writer.number(Self.version)
        writer.number(position.rawValue)
        writer.digest(hash)
        return writer.bytes
    }

    /// Reads a checkpoint; `nil` for one of another version, which calls for a rebuild.
    init?(encoded: [UInt8]) {
        var reader = ByteReader(encoded)
        do throws(MalformedBytes) {
            guard try reader.number() == Self.version else { return nil }
            position = Position(rawValue: try reader.number())
            hash = try reader.digest()
            try reader.finish()
        } catch {
            return nil
        }
    }

    /// The version of everything that the projection keeps and of the operations that it knows: a new kind of operation
    /// needs a new version, so that entries once unknown are taken in.
    private static let version: UInt64 = 2
}
