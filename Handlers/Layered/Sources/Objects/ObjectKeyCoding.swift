internal import AuraEffects

/// The names of a storage's keys in a bucket: behind a prefix, and without what the bucket's service does not take.
///
/// Where a service takes no control characters, these and two others are written in two, so that the order of the bytes and
/// what a key begins with stay as they are:
///
/// | byte | written as |
/// |---|---|
/// | 00 to 1f | 20, then 40 to 5f |
/// | 20 (space) | 20 60 |
/// | 7e (tilde) | 7e 40 |
/// | 7f | 7e 41 |
struct ObjectKeyCoding: Sendable {
    private static let space: UInt8 = 0x20
    private static let tilde: UInt8 = 0x7e
    private static let delete: UInt8 = 0x7f

    private let prefix: String
    private let escapes: Bool

    /// Creates the names behind a prefix.
    ///
    /// - Parameters:
    ///   - prefix: What they begin with.
    ///   - capabilities: What the bucket declares.
    init(prefix: String, in capabilities: Capabilities) {
        self.prefix = prefix
        escapes = !capabilities.contains(.arbitraryKeys)
    }

    /// The longest key, given what the bucket takes.
    static func keyBytes(prefix: String, in capabilities: Capabilities) -> Int? {
        guard let most = capabilities.limits[.keyBytes] else { return nil }
        let rest = max(0, most - prefix.utf8.count)
        return capabilities.contains(.arbitraryKeys) ? rest : rest / 2
    }

    /// The name of a key's object; also what the names of all keys begin with that begin with a text.
    func outer(_ text: String) -> String {
        guard escapes else { return prefix + text }
        var bytes = Array(prefix.utf8)
        for byte in text.utf8 {
            switch byte {
            case ..<Self.space: bytes += [Self.space, byte + 0x40]
            case Self.space: bytes += [Self.space, 0x60]
            case Self.tilde, Self.delete: bytes += [Self.tilde, byte - Self.tilde + 0x40]
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The key of an object; `nil` where its name is none that a key has.
    func inside(_ name: ObjectKey) -> StorageKey? {
        guard name.hasPrefix(prefix) else { return nil }
        // Bytes are dropped, since a mark of the key may combine with the prefix's last letter.
        var rest = name.text.utf8.dropFirst(prefix.utf8.count)
        guard escapes else { return StorageKey(String(decoding: rest, as: UTF8.self)) }
        var bytes: [UInt8] = []
        while let byte = rest.popFirst() {
            switch byte {
            case Self.space:
                guard let second = rest.popFirst(), (0x40...0x60).contains(second) else { return nil }
                bytes.append(second - 0x40)
            case Self.tilde:
                guard let second = rest.popFirst(), (0x40...0x41).contains(second) else { return nil }
                bytes.append(Self.tilde + second - 0x40)
            case ..<Self.space, Self.delete: return nil
            default: bytes.append(byte)
            }
        }
        return StorageKey(String(decoding: bytes, as: UTF8.self))
    }
}
