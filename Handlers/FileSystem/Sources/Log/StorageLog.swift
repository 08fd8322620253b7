internal import AuraEffects
internal import AuraRuntime
internal import Synchronization

/// The intent log: every change since the last checkpoint, values included.
///
/// One file that is never replaced: a header, the bound of the revisions, then batches one after the other. A checkpoint
/// writes the values to files of their own and lets the log begin anew with the next generation.
final class StorageLog: Sendable {
    /// Where the first batch begins.
    static let start: UInt64 = 4096

    private static let boundOffset = 512
    private static let boundMark: StaticString = "AuraRev1"

    private let file: OpenFile
    private let hasFailedSync = Atomic(false)

    init(in folder: StorageFolder) throws(FileFailure) {
        file = try folder.open(StorageFolder.logName, [.write, .create])
    }

    /// Whether the log has no room for batches.
    var hasNoBatches: Bool {
        get throws(FileFailure) { try file.size <= Self.start }
    }

    /// Writes the beginning of a new storage's log.
    func create() throws(FileFailure) {
        try file.write(LogHeader(generation: 1).encoded, at: 0)
        try writeBound(0)
    }

    // MARK: The header

    /// The header as it is now, whoever wrote it.
    func header() throws(FileFailure) -> LogHeader {
        // Another process may be writing it just now.
        for _ in 0..<100 {
            let bytes = try file.read(LogHeader.byteCount, at: 0)
            if let header = try LogHeader(bytes, of: file.name) { return header }
        }
        throw .damaged(file.name)
    }

    func write(_ header: LogHeader) throws(FileFailure) {
        try file.write(header.encoded, at: 0)
    }

    /// The number that no revision issued so far exceeds.
    func bound() throws(FileFailure) -> UInt64 {
        let bytes = try file.read(24, at: Self.boundOffset)
        guard bytes.hasChecksum(at: 16) else { throw .damaged("\(file.name), which holds the bound of revisions,") }
        try bytes.checkMark(Self.boundMark, of: file.name)
        return bytes.integer(at: 8)
    }

    /// Writes the bound and syncs it, also where the storage is not durable: what a crash loses was issued all the same.
    func writeBound(_ bound: UInt64) throws(FileFailure) {
        var bytes = [UInt8](mark: Self.boundMark)
        bytes.append(littleEndian: bound)
        bytes.appendChecksum()
        try file.write(bytes, at: Self.boundOffset)
        try sync()
    }

    // MARK: Batches

    /// Writes a batch in its place, which commits nothing yet.
    ///
    /// - Parameters:
    ///   - batch: The batch; afterwards its records say where their values lie.
    ///   - values: The values' bytes in the order of the records that have one.
    /// - Throws: ``FileFailure`` where the disk is full or fails.
    func write(_ batch: inout LogBatch, values: [[UInt8]]) throws(FileFailure) {
        var buffer = batch.encodeHead()
        var place = Int(batch.offset)
        for value in values {
            if buffer.count + value.count > Self.bufferSize {
                try file.write(buffer, at: place)
                place += buffer.count
                buffer.removeAll(keepingCapacity: true)
            }
            if value.count > Self.bufferSize {
                try file.write(value, at: place)
                place += value.count
            } else {
                buffer.append(contentsOf: value)
            }
        }
        try file.write(buffer, at: place)
    }

    private static let bufferSize = 1 << 20

    /// Makes the log durable.
    ///
    /// A sync that fails lets the system forget what it could not write, and a later one would not notice: what is in the log
    /// is written again first.
    func sync() throws(FileFailure) {
        if hasFailedSync.load(ordering: .relaxed) { try writeAgain() }
        do throws(FileFailure) {
            try file.syncData()
        } catch {
            hasFailedSync.store(true, ordering: .relaxed)
            throw error
        }
        hasFailedSync.store(false, ordering: .relaxed)
    }

    private func writeAgain() throws(FileFailure) {
        for place in stride(from: 0, to: try file.size, by: Self.bufferSize) {
            try file.write(try file.read(Self.bufferSize, at: place), at: place)
        }
    }

    /// Gives the room behind what is committed back to the file system.
    func drop(from end: UInt64) throws(FileFailure) {
        try file.truncate(to: Int(end))
    }

    /// The batch at a place; `nil` where none follows on the one before.
    func batch(at offset: UInt64, generation: UInt64, previous: UInt64) throws(FileFailure) -> LogBatch? {
        let header = try file.read(LogBatch.headerSize, at: Int(offset))
        guard var batch = LogBatch(header: header, generation: generation, offset: offset, previous: previous),
            // A damaged header may name any size.
            batch.end <= UInt64(try file.size)
        else { return nil }
        let records = try file.read(batch.recordBytes, at: Int(offset) + LogBatch.headerSize)
        return batch.decode(records: records, header: header) ? batch : nil
    }

    /// Whether every value of a batch is as it was written.
    func isWhole(_ batch: LogBatch) throws(FileFailure) -> Bool {
        for record in batch.records {
            guard let value = record.value else { continue }
            if try read(value, of: record.key, record.revision) == nil { return false }
        }
        return true
    }

    /// A value's bytes; `nil` where they are not as they were written, or not any more.
    func read(_ value: LogRecord.Value, of key: StorageKey, _ revision: UInt64) throws(FileFailure) -> [UInt8]? {
        let bytes = try readUnchecked(value)
        let checksum = unsafe bytes.withUnsafeBytes {
            unsafe XXHash64.checksum(key: key, revision: revision, bytes: $0)
        }
        return bytes.count == value.byteCount && checksum == value.checksum ? bytes : nil
    }

    /// A value's bytes as they are.
    func readUnchecked(_ value: LogRecord.Value) throws(FileFailure) -> [UInt8] {
        try file.read(value.byteCount, at: value.offset)
    }
}
