internal import AuraEffects

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

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

    /// Goes over the keys that begin with `prefix` and come before `end`, and appends them while `items` are fewer than `limit`.
    mutating func append(
        to items: inout [StoragePage.Item],
        limit: Int,
        prefix: String,
        before end: StorageKey?
    ) throws(FileFailure) {
        while !isAtEnd {
            appendFromBlock(to: &items, limit: limit, prefix: prefix, before: end)
            guard isAtEnd else { return }
            number += 1
            try load()
        }
    }

    private mutating func appendFromBlock(
        to items: inout [StoragePage.Item],
        limit: Int,
        prefix: String,
        before end: StorageKey?
    ) {
        var prefix = prefix
        at = prefix.withUTF8 { prefix in
            unsafe block.withUnsafeBytes { bytes in
                var place = at
                while place < bytes.count, items.count < limit {
                    let size = unsafe Int(
                        UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self))
                    )
                    let start = place + IndexFormat.entrySize
                    let key = unsafe UnsafeRawBufferPointer(rebasing: bytes[start..<start + size])
                    guard unsafe key.begins(with: UnsafeRawBufferPointer(prefix)) else { break }
                    if let end, unsafe end.order(against: key) <= 0 { break }
                    let revision = unsafe bytes.loadUnaligned(fromByteOffset: place + 4, as: UInt64.self)
                    let byteCount = unsafe bytes.loadUnaligned(fromByteOffset: place + 12, as: UInt64.self)
                    items.append(
                        StoragePage.Item(
                            key: StorageKey(unsafe String(decoding: key, as: UTF8.self)),
                            revision: StorageRevision(rawValue: UInt64(littleEndian: revision)),
                            byteCount: Int(UInt64(littleEndian: byteCount))
                        )
                    )
                    place = start + size
                }
                return place
            }
        }
        if !isAtEnd { keySize = Int(block.integer(at: at, as: UInt32.self)) }
    }

    private mutating func load() throws(FileFailure) {
        at = 0
        block = number < index.blockCount ? try index.block(number) : []
        keySize = block.isEmpty ? 0 : Int(block.integer(at: 0, as: UInt32.self))
    }
}

extension UnsafeRawBufferPointer {
    fileprivate func begins(with prefix: UnsafeRawBufferPointer) -> Bool {
        guard count >= prefix.count else { return false }
        guard let own = baseAddress, let other = prefix.baseAddress else { return true }
        return unsafe memcmp(own, other, prefix.count) == 0
    }
}
