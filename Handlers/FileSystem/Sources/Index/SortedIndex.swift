internal import AuraEffects
internal import AuraRuntime

/// Every key in the order of its bytes as of the last checkpoint, with its revision and its value's size.
///
/// The file is replaced as a whole and never changed, so that an open one stays as it is. In memory is the first key of each
/// block; blocks are read as they are needed.
final class SortedIndex: Sendable {
    /// What the index says of a key.
    struct Entry: Hashable {
        var revision: UInt64
        var byteCount: Int
    }

    let generation: UInt64
    let lastRevision: UInt64
    private let file: OpenFile
    private let blocks: [IndexFormat.Block]

    /// Opens the index; `nil` where there is none.
    init?(in folder: StorageFolder) throws(FileFailure) {
        let file: OpenFile
        do throws(FileFailure) {
            file = try folder.open(StorageFolder.indexName, [])
        } catch {
            if error.reason == .system(VolumeError.notFound.rawValue) { return nil }
            throw error
        }
        let header = try IndexFormat.Header(try file.read(IndexFormat.headerSize, at: 0), of: file.name)
        let table = try file.read(Int(header.tableBytes), at: Int(header.tableOffset))
        guard UInt64(table.count) == header.tableBytes, table.checksum(table.indices) == header.tableChecksum else {
            throw .damaged(file.name)
        }
        self.file = file
        generation = header.generation
        lastRevision = header.lastRevision
        blocks = try IndexFormat.decodeBlocks(table, of: file.name)
    }

    /// What the index says of a key; `nil` where it does not have it.
    func entry(of key: StorageKey) throws(FileFailure) -> Entry? {
        let cursor = try IndexCursor(self, from: key)
        return !cursor.isAtEnd && cursor.order(of: key) == 0 ? cursor.entry : nil
    }

    /// How many blocks there are.
    var blockCount: Int { blocks.count }

    /// A block's bytes.
    func block(_ number: Int) throws(FileFailure) -> [UInt8] {
        let block = blocks[number]
        let bytes = try file.read(block.byteCount, at: block.offset)
        guard bytes.count == block.byteCount, bytes.checksum(bytes.indices) == block.checksum else {
            throw .damaged(file.name)
        }
        return bytes
    }

    /// The place of the last block that begins at or before a key.
    func block(of key: StorageKey) -> Int {
        let next = blocks.partitioningIndex(where: { block in
            unsafe block.firstKey.withUnsafeBytes { unsafe key.order(against: $0) } < 0
        })
        return max(0, next - 1)
    }
}
