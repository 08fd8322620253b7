internal import AuraEffects

/// The layout of the search index: which texts hold a word.
///
/// Words fall into buckets by their hashes. A bucket is a row of full blocks and a tail that is still being filled, so that
/// a new text touches a tail per bucket and a search reads one bucket per word. What is written twice counts once.
enum IndexBlock {
    static let bucketCount = 1024
    /// A tail that has grown to this size becomes a full block.
    static let fullByteCount = 4 * 1024

    static func bucket(of word: UInt64) -> Int {
        Int(word >> 54)
    }

    /// Adds a word and its texts to a block.
    ///
    /// - Parameters:
    ///   - word: The word's hash.
    ///   - documents: The texts in ascending order; not empty.
    ///   - writer: The block.
    static func write(_ word: UInt64, _ documents: ArraySlice<Posting>, to writer: inout ByteWriter) {
        writer.fixed(word)
        writer.count(documents.count)
        var previous: UInt64 = 0
        for posting in documents {
            writer.number(posting.document - previous)
            previous = posting.document
        }
    }

    /// Collects the texts that a block names for a word.
    static func documents(
        of word: UInt64,
        in block: ByteReader,
        _ found: (UInt64) -> Void
    ) throws(MalformedBytes) {
        var reader = block
        while !reader.isAtEnd {
            let isWanted = try reader.fixed64() == word
            var document: UInt64 = 0
            for _ in 0..<(try reader.count()) {
                document &+= try reader.number()
                if isWanted { found(document) }
            }
        }
    }
}

/// One word in one text.
struct Posting: Comparable {
    var word: UInt64
    var document: UInt64

    static func < (left: Posting, right: Posting) -> Bool {
        (left.word, left.document) < (right.word, right.document)
    }
}

/// The block of a bucket that is still being filled, after the number of full blocks before it.
struct IndexTail {
    private(set) var fullBlocks: Int
    private var block: ByteWriter

    /// Reads a tail; an empty one where there is none yet.
    init(encoded: [UInt8]?) throws(MalformedBytes) {
        block = ByteWriter()
        fullBlocks = 0
        guard let encoded else { return }
        var reader = ByteReader(encoded)
        fullBlocks = try reader.count()
        block.append(reader.rest)
    }

    var encoded: [UInt8] {
        var writer = ByteWriter()
        writer.count(fullBlocks)
        writer.append(block.bytes[...])
        return writer.bytes
    }

    /// The entries in it.
    var reader: ByteReader { ByteReader(block.bytes) }

    mutating func add(_ word: UInt64, _ documents: ArraySlice<Posting>) {
        IndexBlock.write(word, documents, to: &block)
    }

    /// The full block, once there is one, with its number; the tail is empty after.
    mutating func takeFullBlock() -> (number: Int, bytes: [UInt8])? {
        guard block.bytes.count >= IndexBlock.fullByteCount else { return nil }
        defer {
            fullBlocks += 1
            block = ByteWriter()
        }
        return (fullBlocks, block.bytes)
    }
}
