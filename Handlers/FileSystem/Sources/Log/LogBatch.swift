internal import AuraEffects
internal import AuraRuntime

/// One change as the log records it.
struct LogRecord: Sendable {
    var key: StorageKey
    /// The new version; of a removal the last one issued before it.
    var revision: UInt64
    /// `nil` for a removal.
    var value: Value?

    /// A value that lies in the log.
    struct Value: Sendable {
        var byteCount: Int
        var checksum: UInt64
        /// Where the bytes begin in the log.
        var offset: Int
    }
}

/// Changes that are committed together: the intent of a transaction, or of a group of single changes.
///
/// In the log it is a header, the records, and the values' bytes. The header names the generation, its own place and the
/// batch before, so that what an older batch left behind is never taken for one.
struct LogBatch: Sendable {
    var generation: UInt64
    /// Where the batch begins in the log.
    var offset: UInt64
    /// The checksum of the batch before.
    var previous: UInt64
    var records: [LogRecord] = []
    var recordBytes = 0
    var valueBytes = 0
    /// The checksum of the header and the records; those of the values are in the records.
    var checksum: UInt64 = 0

    static let headerSize = 64
    private static let recordHeaderSize = 32
    private static let mark: StaticString = "AuraBat1"

    init(generation: UInt64, offset: UInt64, previous: UInt64) {
        self.generation = generation
        self.offset = offset
        self.previous = previous
    }

    /// Where the batch ends.
    var end: UInt64 { offset + UInt64(Self.headerSize + recordBytes + valueBytes) }

    // MARK: Writing

    /// Adds a change; the places of values are known once ``encodeHead()`` was called.
    mutating func append(_ record: LogRecord) {
        records.append(record)
        recordBytes += Self.recordHeaderSize + record.key.text.utf8.count
        valueBytes += record.value?.byteCount ?? 0
    }

    /// Gives each value its place and encodes everything but the values' bytes.
    mutating func encodeHead() -> [UInt8] {
        var encoded: [UInt8] = []
        encoded.reserveCapacity(recordBytes)
        var place = Int(offset) + Self.headerSize + recordBytes
        for index in records.indices {
            records[index].value?.offset = place
            let record = records[index]
            place += record.value?.byteCount ?? 0
            encoded.append(littleEndian: UInt32(record.key.text.utf8.count))
            encoded.append(littleEndian: UInt32(record.value == nil ? 1 : 0))
            encoded.append(littleEndian: record.revision)
            encoded.append(littleEndian: UInt64(record.value?.byteCount ?? 0))
            encoded.append(littleEndian: record.value?.checksum ?? 0)
            encoded.append(contentsOf: record.key.text.utf8)
        }
        var head = [UInt8](mark: Self.mark)
        head.reserveCapacity(Self.headerSize + encoded.count)
        for field in [generation, offset, UInt64(records.count), UInt64(recordBytes), UInt64(valueBytes), previous] {
            head.append(littleEndian: field)
        }
        checksum = encoded.checksum(encoded.indices, seed: head.checksum(head.indices))
        head.append(littleEndian: checksum)
        head.append(contentsOf: encoded)
        return head
    }

    // MARK: Reading

    /// Decodes a header; `nil` where there is none of a batch that follows on the one before.
    init?(header: [UInt8], generation: UInt64, offset: UInt64, previous: UInt64) {
        let isBatch = header.count == Self.headerSize && header.starts(with: [UInt8](mark: Self.mark))
        guard isBatch, header.integer(at: 8) == generation, header.integer(at: 16) == offset,
            header.integer(at: 48) == previous
        else { return nil }
        self.init(generation: generation, offset: offset, previous: previous)
        guard let recordBytes = Int(exactly: header.integer(at: 32, as: UInt64.self)),
            let valueBytes = Int(exactly: header.integer(at: 40, as: UInt64.self)),
            recordBytes < Self.mostBytes, valueBytes < Self.mostBytes
        else { return nil }
        self.recordBytes = recordBytes
        self.valueBytes = valueBytes
        checksum = header.integer(at: 56)
    }

    private static let mostBytes = 1 << 48

    /// Decodes the records that follow the header; `false` where they are not as they were written.
    mutating func decode(records encoded: [UInt8], header: [UInt8]) -> Bool {
        let seed = header.checksum(0..<56)
        guard encoded.count == recordBytes, encoded.checksum(encoded.indices, seed: seed) == checksum else {
            return false
        }
        var at = 0
        var place = Int(offset) + Self.headerSize + recordBytes
        while at + Self.recordHeaderSize <= encoded.count {
            let keySize = Int(encoded.integer(at: at, as: UInt32.self))
            let isRemoval = encoded.integer(at: at + 4, as: UInt32.self) != 0
            let byteCount = Int(encoded.integer(at: at + 16, as: UInt64.self))
            let keyStart = at + Self.recordHeaderSize
            guard keyStart + keySize <= encoded.count else { return false }
            let value = LogRecord.Value(byteCount: byteCount, checksum: encoded.integer(at: at + 24), offset: place)
            records.append(
                LogRecord(
                    key: StorageKey(encoded.text(keyStart..<keyStart + keySize)),
                    revision: encoded.integer(at: at + 8),
                    value: isRemoval ? nil : value
                )
            )
            place += byteCount
            at = keyStart + keySize
        }
        return at == encoded.count && place == Int(end) && UInt64(records.count) == header.integer(at: 24)
    }
}
