internal import AuraEffects

/// A walk over an index in the order of the keys' bytes, a block in memory at a time.
struct IndexCursor {
    private let index: SortedIndex
    private var number: Int
    private var block: [UInt8] = []
    private var at = 0
    private var keySize = 0

    /// Begins at the first key, or at the first one that does not come before `key`.
    init(_ index: SortedIndex, from key: StorageKey?) throws(FileFailure) {
        self.index = index
        number = key.map { index.block(of: $0) } ?? 0
        try load()
        guard let key else { return }
        while !isAtEnd && order(of: key) > 0 { try advance() }
    }

    var isAtEnd: Bool { at == block.count }

    /// How `key` compares with the key here: negative where it comes first.
    func order(of key: StorageKey) -> Int {
        let start = at + IndexFormat.entrySize
        return unsafe block.withUnsafeBytes { bytes in
            unsafe key.order(against: UnsafeRawBufferPointer(rebasing: bytes[start..<start + keySize]))
        }
    }

    var key: StorageKey {
        let start = at + IndexFormat.entrySize
        return StorageKey(block.text(start..<start + keySize))
    }

    var entry: SortedIndex.Entry {
        SortedIndex.Entry(
            revision: block.integer(at: at + 4),
            byteCount: Int(block.integer(at: at + 12, as: UInt64.self))
        )
    }

    mutating func advance() throws(FileFailure) {
        at += IndexFormat.entrySize + keySize
        if isAtEnd {
            number += 1
            try load()
        } else {
            keySize = Int(block.integer(at: at, as: UInt32.self))
        }
    }

    private mutating func load() throws(FileFailure) {
        at = 0
        block = number < index.blockCount ? try index.block(number) : []
        keySize = block.isEmpty ? 0 : Int(block.integer(at: 0, as: UInt32.self))
    }
}
