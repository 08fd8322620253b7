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
        // Before, between and behind the two: '0' is the byte after '/'.
        for (after, most) in [(nil, manifest), ("m0", values), ("v0", nil)] as [(StorageKey?, String?)] {
            let next = try await storage.list(prefix: "", after: after, limit: 1).items.first?.key
            guard let next else { continue }
            if let most, next.hasPrefix(most) || next >= StorageKey(most) { continue }
            return next
        }
        return nil
    }
}
