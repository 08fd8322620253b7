internal import AuraEffects

/// Where the parts of objects lie in a storage.
///
/// | key | value |
/// |---|---|
/// | `o/KEY` | the object's record |
/// | `c/GROUP/RUN/NUMBER` | a chunk of its bytes |
/// | `u/GROUP` | an upload that goes on |
/// | `p/GROUP/NUMBER` | a part of it |
/// | `g/GROUP` | a group whose chunks are removed: one that no object has yet (`+` and its time), or none any more (`-`) |
struct ObjectPlaces: Sendable {
    let prefix: String

    /// What all keys need beyond the object's own.
    var overhead: Int { prefix.utf8.count + 2 }

    var objects: String { prefix + "o/" }
    var garbage: String { prefix + "g/" }

    func object(_ key: ObjectKey) -> StorageKey { StorageKey(objects + key.text) }
    func upload(_ group: String) -> StorageKey { StorageKey("\(prefix)u/\(group)") }
    func parts(of group: String) -> String { "\(prefix)p/\(group)/" }
    func part(_ number: Int, of group: String) -> StorageKey { StorageKey("\(parts(of: group))\(number)") }
    func garbage(_ group: String) -> StorageKey { StorageKey(garbage + group) }
    func chunks(of group: String) -> String { "\(prefix)c/\(group)/" }
    func chunks(of run: String, in group: String) -> String { "\(chunks(of: group))\(run)/" }

    func chunk(_ number: Int, of run: String, in group: String) -> StorageKey {
        StorageKey(chunks(of: run, in: group) + String(number, radix: 36))
    }

    /// The object's key; bytes are dropped, since a mark of the key may combine with the slash.
    func key(of place: StorageKey) -> ObjectKey {
        ObjectKey(String(decoding: place.text.utf8.dropFirst(objects.utf8.count), as: UTF8.self))
    }
}
