internal import AuraEffects
internal import AuraRuntime

/// The log: its file and the index of what it holds.
///
/// A record is appended and synced before its index entry is made, so that what the index says is on the disk.
final class Log {
    private(set) var index = LogIndex()
    private(set) var file: LogFile
    private let lock: LogFile
    private let errors: HandlerErrors
    private let configuration: LogConfiguration
    /// Set once nobody can say what is on the disk: a failed sync is not to be tried again.
    private var isBroken = false

    private static let magic = Array("AURALOG1".utf8)

    /// Opens a log and reads the heads of its records.
    init(_ configuration: LogConfiguration, _ errors: HandlerErrors, copyingBy piece: Int) throws(EffectError) {
        self.configuration = configuration
        self.errors = errors
        // The log itself is replaced when it is written anew, so the lock is held on a file that never is.
        lock = try LogFile(configuration.path + ".lock", errors)
        try lock.lock()
        file = try LogFile(configuration.path, errors)
        try replay()
        if file.end - index.liveBytes > configuration.garbage.bytes { try rewrite(copyingBy: piece) }
    }

    /// The bytes under a key, compared with their digest.
    func read(_ key: StorageKey) throws(EffectError) -> StoredValue? {
        guard let place = index.places[key] else { return nil }
        let bytes = try file.read(place.value.count, at: place.offset, in: "read")
        guard bytes.count == place.value.count, SHA256.hash(bytes) == place.value.digest else {
            throw errors.error(
                .corrupted,
                in: "read",
                "'\(file.path)': the value of \(HandlerErrors.quote(key.text)) is damaged. Write it anew, or restore a backup."
            )
        }
        return StoredValue(bytes: bytes, revision: place.value.revision)
    }

    /// Appends one record with all changes.
    ///
    /// - Returns: For each change the new version, or `nil` for a removal.
    func apply(
        _ mutations: [StorageMutation],
        in operation: String
    ) throws(EffectError) -> [StorageRevision?] {
        guard !isBroken else {
            throw errors.error(
                .unavailable,
                in: operation,
                "An earlier write to '\(file.path)' could not be synced. Stop, look at the disk, and open the log again.",
                isRetryable: false
            )
        }
        var record = LogRecord(lastRevision: index.lastRevision, changes: [])
        var values: [UInt8] = []
        let revisions = mutations.map { mutation -> StorageRevision? in
            switch mutation.change {
            case .write(let bytes):
                record.lastRevision += 1
                let revision = StorageRevision(rawValue: record.lastRevision)
                let value = LogRecord.Value(revision: revision, count: bytes.count, digest: SHA256.hash(bytes))
                record.changes.append(LogRecord.Change(key: mutation.key, value: value))
                values += bytes
                return revision
            case .remove:
                if index.places[mutation.key] != nil {
                    record.changes.append(LogRecord.Change(key: mutation.key, value: nil))
                }
                return nil
            }
        }
        if !record.changes.isEmpty { try append(record, values, in: operation) }
        return revisions
    }

    private func append(_ record: LogRecord, _ values: [UInt8], in operation: String) throws(EffectError) {
        let head = record.encoded
        let start = file.end
        do throws(EffectError) {
            try file.append(head + values, in: operation)
        } catch {
            // What fitted of it must not stay. Where even that fails, nothing more is written behind it.
            do throws(EffectError) { try file.cut(at: start, in: operation) } catch { isBroken = true }
            throw error
        }
        do throws(EffectError) {
            if configuration.isSynced { try file.sync(in: operation) }
        } catch {
            isBroken = true
            throw error
        }
        index.apply(record, valuesAt: start + head.count)
    }

    // MARK: Opening

    private func replay() throws(EffectError) {
        let magic = try file.read(Self.magic.count, at: 0, in: "open")
        if magic.count < Self.magic.count, Self.magic.starts(with: magic) {
            // A new file, or one whose making was cut short.
            try file.cut(at: 0, in: "open")
            try file.append(Self.magic, in: "open")
            try file.sync(in: "open")
            return try LogFile.syncFolder(of: file.path, errors)
        }
        guard magic == Self.magic else {
            throw errors.error(.corrupted, in: "open", "'\(file.path)' is not a log. Choose another path.")
        }
        var offset = Self.magic.count
        while offset < file.end, let head = try head(at: offset) {
            let values = offset + LogRecord.frameCount + head.count
            guard let record = LogRecord(head: head) else { throw damaged(at: offset) }
            let end = values + record.changes.reduce(0) { $0 + ($1.value?.count ?? 0) }
            if end > file.end { break }
            index.apply(record, valuesAt: values)
            offset = end
        }
        // What reaches beyond the end was being written when the process died: nobody got an answer for it.
        if offset < file.end { try file.cut(at: offset, in: "open") }
    }

    /// The head of the record at an offset with its digest; `nil` where it reaches beyond the end.
    private func head(at offset: Int) throws(EffectError) -> [UInt8]? {
        let frame = try file.read(LogRecord.frameCount, at: offset, in: "open")
        if frame.count < LogRecord.frameCount { return nil }
        guard let count = LogRecord.headCount(ofFrame: frame) else { throw damaged(at: offset) }
        let head = try file.read(count, at: offset + LogRecord.frameCount, in: "open")
        return head.count == count ? head : nil
    }

    private func damaged(at offset: Int) -> EffectError {
        errors.error(
            .corrupted,
            in: "open",
            """
            '\(file.path)': the record at byte \(offset) is damaged, and what follows cannot be told from it. Restore a \
            backup, or give up all from there on: truncate -s \(offset) '\(file.path)'
            """
        )
    }

    /// Writes the log anew without what was overwritten or removed, and puts it in place of this one.
    private func rewrite(copyingBy piece: Int) throws(EffectError) {
        let new = try LogFile(configuration.path + ".new", errors, isNew: true)
        var newIndex = LogIndex()
        // There may be no value, and the last revision must be kept all the same.
        let first = LogRecord(lastRevision: index.lastRevision, changes: [])
        try new.append(Self.magic + first.encoded, in: "open")
        newIndex.apply(first, valuesAt: new.end)
        for (key, place) in index.places.sorted(by: { $0.key < $1.key }) {
            let change = LogRecord.Change(key: key, value: place.value)
            let record = LogRecord(lastRevision: index.lastRevision, changes: [change])
            try new.append(record.encoded, in: "open")
            newIndex.apply(record, valuesAt: new.end)
            // Copied as they are: a damaged value stays one.
            for offset in stride(from: 0, to: place.value.count, by: piece) {
                let count = min(piece, place.value.count - offset)
                try new.append(try file.read(count, at: place.offset + offset, in: "open"), in: "open")
            }
        }
        try new.sync(in: "open")
        try new.replace(configuration.path)
        file = new
        index = newIndex
    }
}
