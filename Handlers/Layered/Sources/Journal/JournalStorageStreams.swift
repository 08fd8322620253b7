internal import AuraEffects

/// How keys and values stand in a journal.
struct JournalStorageStreams: Sendable {
    /// An entry whose payload is the value.
    static let written: EntryKind = "storage.written/1"
    /// An entry that says that there is no value any more.
    static let removed: EntryKind = "storage.removed/1"

    /// What the names of the storage's streams begin with.
    let prefix: String

    /// The stream of a key.
    func name(of key: StorageKey) -> StreamName {
        StreamName(prefix + key.text)
    }

    /// The key of a stream; `nil` for a stream that is not the storage's.
    func key(of stream: StreamName) -> StorageKey? {
        let name = stream.text.utf8
        guard name.count > prefix.utf8.count, name.starts(with: prefix.utf8) else { return nil }
        return StorageKey(String(decoding: name.dropFirst(prefix.utf8.count), as: UTF8.self))
    }

    /// The stream without entries whose snapshot is the index: its name is no key's.
    var index: StreamName { StreamName(prefix) }
}
