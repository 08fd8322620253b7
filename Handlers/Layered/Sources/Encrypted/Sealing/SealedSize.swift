internal import AuraEffects

/// How large sealed records are, given the name of their key.
///
/// The size of the plaintext follows from that of the record alone, so that a listing tells it without reading the record.
struct SealedSize {
    /// The plaintext of each chunk but the last.
    static let chunkByteCount = 64 * 1024
    static let nonceFieldByteCount = 24
    static let tagByteCount = 16
    /// The nonce's length, its field, and the tag.
    static let chunkOverhead = 1 + nonceFieldByteCount + tagByteCount

    private let headerByteCount: Int

    init(_ name: KeyName) {
        headerByteCount = SealedHeader.fixedByteCount + name.rawValue.utf8.count
    }

    /// What a record of one chunk takes besides its plaintext.
    var leastOverhead: Int { headerByteCount + Self.chunkOverhead }

    static func chunkCount(ofPlaintext count: Int) -> Int {
        max(1, (count + chunkByteCount - 1) / chunkByteCount)
    }

    func sealed(_ plaintext: Int) -> Int {
        headerByteCount + plaintext + Self.chunkOverhead * Self.chunkCount(ofPlaintext: plaintext)
    }

    /// The size of what a record of so many bytes holds; `nil` where no record has that size.
    func plaintext(ofSealed sealed: Int) -> Int? {
        let chunks = sealed - headerByteCount
        let full = Self.chunkByteCount + Self.chunkOverhead
        let count = chunks - Self.chunkOverhead * max(1, (chunks + full - 1) / full)
        return count >= 0 && self.sealed(count) == sealed ? count : nil
    }

    /// The largest plaintext whose record has at most so many bytes; 0 where none has.
    func largestPlaintext(within limit: Int) -> Int {
        // A limit that is not set stays so.
        guard limit < .max else { return .max }
        let chunks = max(0, limit - headerByteCount)
        let full = Self.chunkByteCount + Self.chunkOverhead
        return chunks / full * Self.chunkByteCount + max(0, chunks % full - Self.chunkOverhead)
    }
}
