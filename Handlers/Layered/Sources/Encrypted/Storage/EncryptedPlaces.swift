internal import AuraEffects

/// Where a storage underneath holds what: values and manifest have a prefix each, so that no key can be taken for another.
enum EncryptedPlaces {
    static let values = "v/"
    static let manifest = "m/"
    static let root = StorageKey("m/root")

    /// A value's place.
    static func value(_ key: StorageKey) -> StorageKey {
        StorageKey(values + key.text)
    }

    /// The key of a value's place; bytes are dropped, since a mark of the key may combine with the prefix's last character.
    static func key(_ place: StorageKey) -> StorageKey {
        StorageKey(String(decoding: place.text.utf8.dropFirst(values.utf8.count), as: UTF8.self))
    }

    /// A bucket's place.
    static func bucket(_ index: Int) -> StorageKey {
        let digits = String(index, radix: 16)
        return StorageKey(manifest + String(repeating: "0", count: 3 - digits.count) + digits)
    }

    /// A key that is none of them; `nil` where there is none.
    static func foreignKey(in storage: any StorageEffects) async throws(EffectError) -> StorageKey? {
        // Before, between and behind the two.
        let gaps: [(start: StorageKey?, end: String?)] = [
            (nil, manifest), (firstKey(behind: manifest), values), (firstKey(behind: values), nil),
        ]
        for gap in gaps {
            if let start = gap.start, try await storage.read(start) != nil { return start }
            let next = try await storage.list(prefix: "", after: gap.start, limit: 1).items.first?.key
            if let next, gap.end.map({ next < StorageKey($0) }) ?? true { return next }
        }
        return nil
    }

    /// The first key behind all with a prefix that ends in '/': '0' is the byte after it.
    private static func firstKey(behind prefix: String) -> StorageKey {
        StorageKey(String(decoding: prefix.utf8.dropLast(), as: UTF8.self) + "0")
    }
}
