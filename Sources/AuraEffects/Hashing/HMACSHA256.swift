/// HMAC-SHA-256 (RFC 2104) under one key, whose two blocks are hashed once.
///
/// Its description shows nothing of the key.
public struct HMACSHA256: Sendable {
    private let inner: SHA256
    private let outer: SHA256

    /// Prepares a key.
    ///
    /// - Parameter key: The key, of any length.
    public init(key: some Collection<UInt8>) {
        var block = key.count > SHA256.blockSize ? SHA256.hash(Array(key)).bytes : Array(key)
        block += Array(repeating: 0, count: SHA256.blockSize - block.count)
        var inner = SHA256()
        inner.update(block.map { $0 ^ 0x36 })
        self.inner = inner
        var outer = SHA256()
        outer.update(block.map { $0 ^ 0x5C })
        self.outer = outer
    }

    /// The code of a message.
    ///
    /// - Parameter message: The message.
    /// - Returns: The 32 bytes of the code.
    public func code(of message: [UInt8]) -> SHA256Digest {
        var inner = inner
        inner.update(message)
        var outer = outer
        withUnsafeTemporaryAllocation(byteCount: SHA256Digest.byteCount, alignment: 8) { digest in
            inner.finalize().store(into: digest)
            outer.update(UnsafeRawBufferPointer(digest))
        }
        return outer.finalize()
    }
}

extension HMACSHA256: CustomStringConvertible, CustomReflectable {
    /// `HMAC-SHA-256`.
    public var description: String { "HMAC-SHA-256" }
    /// A mirror without children, so that `dump` shows no state that a key could be replaced by.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
