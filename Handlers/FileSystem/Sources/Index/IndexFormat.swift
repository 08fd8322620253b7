/// The index's file: a header, blocks of entries in the order of their keys' bytes, and a table of the blocks.
enum IndexFormat {
    static let mark: StaticString = "AuraIdx1"
    static let headerSize = 56
    /// An entry before its key: the key's size, the revision, the value's size.
    static let entrySize = 20
    /// How large a block becomes before the next one begins.
    static let blockSize = 16 * 1024

    /// A block as the table describes it.
    struct Block {
        var offset: Int
        var byteCount: Int
        var checksum: UInt64
        var firstKey: [UInt8]
    }

    /// What the header says.
    struct Header {
        var generation: UInt64
        var lastRevision: UInt64
        var tableOffset: UInt64
        var tableBytes: UInt64
        var tableChecksum: UInt64

        var encoded: [UInt8] {
            var bytes = [UInt8](mark: mark)
            for field in [generation, lastRevision, tableOffset, tableBytes, tableChecksum] {
                bytes.append(littleEndian: field)
            }
            bytes.appendChecksum()
            return bytes
        }
    }

    static func encode(_ blocks: [Block]) -> [UInt8] {
        var table: [UInt8] = []
        for block in blocks {
            table.append(littleEndian: UInt64(block.offset))
            table.append(littleEndian: UInt64(block.byteCount))
            table.append(littleEndian: block.checksum)
            table.append(littleEndian: UInt64(block.firstKey.count))
            table.append(contentsOf: block.firstKey)
        }
        return table
    }

    static func decodeBlocks(_ table: [UInt8], of file: FileLabel) throws(FileFailure) -> [Block] {
        var blocks: [Block] = []
        var at = 0
        while at + 32 <= table.count {
            let keySize = Int(table.integer(at: at + 24, as: UInt64.self))
            guard at + 32 + keySize <= table.count else { throw .damaged(file) }
            blocks.append(
                Block(
                    offset: Int(table.integer(at: at, as: UInt64.self)),
                    byteCount: Int(table.integer(at: at + 8, as: UInt64.self)),
                    checksum: table.integer(at: at + 16),
                    firstKey: Array(table[at + 32..<at + 32 + keySize])
                )
            )
            at += 32 + keySize
        }
        guard at == table.count else { throw .damaged(file) }
        return blocks
    }
}

extension IndexFormat.Header {
    init(_ bytes: [UInt8], of file: FileLabel) throws(FileFailure) {
        try bytes.checkMark(IndexFormat.mark, of: file)
        guard bytes.hasChecksum(at: IndexFormat.headerSize - 8) else { throw .damaged(file) }
        self.init(
            generation: bytes.integer(at: 8),
            lastRevision: bytes.integer(at: 16),
            tableOffset: bytes.integer(at: 24),
            tableBytes: bytes.integer(at: 32),
            tableChecksum: bytes.integer(at: 40)
        )
    }
}
