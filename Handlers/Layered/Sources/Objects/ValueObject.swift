internal import AuraEffects

/// What an object of a storage holds: a value, or the mark that there is none any more.
///
/// ```text
/// value   "AURAVAL" 1   write id: 16 bytes   SHA-256: 32 bytes   the value's bytes
/// mark    "AURADEL" 1   write id: 16 bytes
/// ```
///
/// The hash is over the write id, the key's length as eight bytes (big-endian), the key and the value. Since every write has an
/// id of its own, no two objects are equal, and a revision that a service takes from the content never comes back either.
/// The two differ in their sizes, so that a listing tells them apart.
enum ValueObject: Hashable {
    /// A value.
    case value([UInt8])
    /// There was a value, and it was removed.
    case removed

    static let idByteCount = 16
    static let markByteCount = 24
    static let headerByteCount = 56

    private static let valueMagic = Array("AURAVAL".utf8) + [1]
    private static let markMagic = Array("AURADEL".utf8) + [1]

    /// The object's bytes.
    ///
    /// - Parameters:
    ///   - id: The write's own name.
    ///   - key: The value's key.
    /// - Returns: The bytes.
    func encoded(id: [UInt8], key: StorageKey) -> [UInt8] {
        switch self {
        case .removed: Self.markMagic + id
        case .value(let bytes): Self.valueMagic + id + Self.digest(of: bytes, id: id, key: key) + bytes
        }
    }

    /// Reads an object.
    ///
    /// - Parameters:
    ///   - encoded: The object's bytes.
    ///   - key: The key that it lies under.
    /// - Returns: What it holds; `nil` where it is damaged, of another key, or none of a storage.
    static func decoded(_ encoded: [UInt8], key: StorageKey) -> ValueObject? {
        if encoded.count == markByteCount { return encoded.starts(with: markMagic) ? .removed : nil }
        guard encoded.count >= headerByteCount, encoded.starts(with: valueMagic) else { return nil }
        let id = Array(encoded[valueMagic.count..<markByteCount])
        let bytes = Array(encoded[headerByteCount...])
        let stored = encoded[markByteCount..<headerByteCount]
        return stored.elementsEqual(digest(of: bytes, id: id, key: key)) ? .value(bytes) : nil
    }

    /// The name of the write that an object is of.
    ///
    /// - Parameter beginning: The object's first bytes, at least ``markByteCount``.
    /// - Returns: The name; `nil` where the object is none of a storage.
    static func id(in beginning: [UInt8]) -> [UInt8]? {
        guard beginning.count >= markByteCount,
            beginning.starts(with: valueMagic) || beginning.starts(with: markMagic)
        else { return nil }
        return Array(beginning[valueMagic.count..<markByteCount])
    }

    private static func digest(of bytes: [UInt8], id: [UInt8], key: StorageKey) -> [UInt8] {
        var hash = SHA256()
        hash.update(id)
        let text = Array(key.text.utf8)
        hash.update((0..<8).map { UInt8(truncatingIfNeeded: text.count >> (56 - 8 * $0)) })
        hash.update(text)
        hash.update(bytes)
        return hash.finalize().bytes
    }
}

extension StorageRevision {
    /// The revision of a value in an object: eight bytes of the SHA-256 of the object's own, which belongs to one write only.
    init(_ revision: CloudRevision) {
        let digest = SHA256.hash(Array(revision.rawValue.utf8)).bytes
        self.init(rawValue: digest.prefix(8).reduce(0) { $0 << 8 | UInt64($1) })
    }
}
