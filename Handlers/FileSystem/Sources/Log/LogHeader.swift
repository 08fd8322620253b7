/// The first bytes of the log: what the handlers that are open on a storage agree on.
///
/// It is written after a batch is in its place, and where the storage is durable after the batch is synced. So on disk it may
/// lag behind, and never runs ahead.
struct LogHeader: Hashable {
    /// The generation of the index that the log goes on from.
    var generation: UInt64
    /// Where the last committed batch ends.
    var committed = StorageLog.start
    /// Up to here the batches are on disk.
    var synced = StorageLog.start
    /// Whether a checkpoint is under way, or was when its process died.
    var isCheckpointing = false

    static let byteCount = 48
    private static let mark: StaticString = "AuraLog1"

    init(generation: UInt64) {
        self.generation = generation
    }

    /// Decodes a header; `nil` where it is damaged or just being written.
    init?(_ bytes: [UInt8], of file: FileLabel) throws(FileFailure) {
        guard bytes.count >= 8 else { return nil }
        try bytes.checkMark(Self.mark, of: file)
        guard bytes.hasChecksum(at: Self.byteCount - 8) else { return nil }
        generation = bytes.integer(at: 8)
        committed = bytes.integer(at: 16)
        synced = bytes.integer(at: 24)
        isCheckpointing = bytes.integer(at: 32, as: UInt64.self) != 0
    }

    var encoded: [UInt8] {
        var bytes = [UInt8](mark: Self.mark)
        for field in [generation, committed, synced, isCheckpointing ? 1 : 0] {
            bytes.append(littleEndian: field)
        }
        bytes.appendChecksum()
        return bytes
    }
}
