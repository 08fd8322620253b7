internal import AuraEffects
internal import AuraRuntime

/// Writes an index beside the present one, entry by entry, and lets it take the other's place at the end.
struct IndexWriter {
    private static let newName = "index.new"

    private let folder: StorageFolder
    private let file: OpenFile
    private var blocks: [IndexFormat.Block] = []
    private var block: [UInt8] = []
    private var firstKey: [UInt8] = []
    private var offset = IndexFormat.headerSize

    init(in folder: StorageFolder) throws(FileFailure) {
        self.folder = folder
        file = try folder.open(Self.newName, [.write, .create, .truncate])
    }

    /// Adds an entry, whose key comes after those before.
    mutating func append(_ key: StorageKey, _ entry: SortedIndex.Entry) throws(FileFailure) {
        let bytes = Array(key.text.utf8)
        if block.isEmpty { firstKey = bytes }
        block.append(littleEndian: UInt32(bytes.count))
        block.append(littleEndian: entry.revision)
        block.append(littleEndian: UInt64(entry.byteCount))
        block.append(contentsOf: bytes)
        if block.count >= IndexFormat.blockSize { try finishBlock() }
    }

    private mutating func finishBlock() throws(FileFailure) {
        guard !block.isEmpty else { return }
        try file.write(block, at: offset)
        blocks.append(
            IndexFormat.Block(
                offset: offset,
                byteCount: block.count,
                checksum: block.checksum(block.indices),
                firstKey: firstKey
            )
        )
        offset += block.count
        block.removeAll(keepingCapacity: true)
    }

    /// Syncs the index and lets it take its place, durably.
    mutating func publish(generation: UInt64, lastRevision: UInt64) throws(FileFailure) {
        try finishBlock()
        let table = IndexFormat.encode(blocks)
        try file.write(table, at: offset)
        let header = IndexFormat.Header(
            generation: generation,
            lastRevision: lastRevision,
            tableOffset: UInt64(offset),
            tableBytes: UInt64(table.count),
            tableChecksum: table.checksum(table.indices)
        )
        try file.write(header.encoded, at: 0)
        try file.sync()
        try folder.replace(StorageFolder.indexName, with: Self.newName)
        try folder.sync()
    }
}
