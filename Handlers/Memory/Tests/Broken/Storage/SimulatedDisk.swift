internal import AuraEffects
internal import Synchronization

/// What lies on the disk of a ``DiskStorage``.
struct DiskImage: Sendable {
    struct Record: Sendable {
        var value: StoredValue
        var checksum: Int

        init(_ bytes: [UInt8], _ revision: UInt64) {
            value = StoredValue(bytes: bytes, revision: StorageRevision(rawValue: revision))
            checksum = bytes.hashValue
        }

        var isIntact: Bool { value.bytes.hashValue == checksum }
    }

    var records: [StorageKey: Record] = [:]
    var lastRevision: UInt64 = 0

    // What broken storages leave lying about: removed records, records that are half-written, a second counter.
    var removed: [StorageKey: Record] = [:]
    var removedByTransactions: [StorageKey: Record] = [:]
    var partial: [StorageKey: Record] = [:]
    var secondCounter: UInt64 = 0

    /// Carries out a change that was found permitted; returns the revision of a write.
    @discardableResult
    mutating func apply(_ mutation: StorageMutation, revision: UInt64? = nil) -> StorageRevision? {
        guard case .write(let bytes) = mutation.change else {
            records[mutation.key] = nil
            return nil
        }
        let revision = revision ?? lastRevision + 1
        lastRevision = max(lastRevision, revision)
        let record = Record(bytes, revision)
        records[mutation.key] = record
        return record.value.revision
    }
}

/// A disk that forgets in a crash what was not synced.
final class SimulatedDisk: Sendable {
    private struct State {
        var written: DiskImage
        var synced: DiskImage
    }

    private let state: Mutex<State>

    init(_ image: DiskImage = DiskImage()) {
        state = Mutex(State(written: image, synced: image))
    }

    /// What a handler reads.
    var image: DiskImage { state.withLock { $0.written } }

    /// What a crash leaves, with the records that were under way.
    var crashed: DiskImage {
        state.withLock { state in
            var image = state.synced
            image.partial = state.written.partial
            return image
        }
    }

    /// Changes what is written, and syncs it unless told otherwise; a change that throws is undone.
    func update<Value: Sendable>(
        syncing: Bool = true,
        _ body: @Sendable (inout DiskImage) throws(EffectError) -> Value
    ) throws(EffectError) -> Value {
        try state.withLock { state throws(EffectError) in
            var image = state.written
            let value = try body(&image)
            state.written = image
            if syncing { state.synced = image }
            return value
        }
    }
}
