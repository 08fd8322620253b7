/// HMAC-SHA-256 (RFC 2104) under one key, whose two blocks are hashed once.
///
/// Its description shows nothing of the key.
public struct HMACSHA256: Sendable {
    // After the first block, which is the key's.
    private let inner: SHA256.State
    private let outer: SHA256.State

    /// Prepares a key.
    ///
    /// - Parameter key: The key, of any length.
    public init(key: some Collection<UInt8>) {
        var block = key.count > SHA256.blockSize ? SHA256.hash(Array(key)).bytes : Array(key)
        block += Array(repeating: 0, count: SHA256.blockSize - block.count)
        inner = Self.state(after: block.map { $0 ^ 0x36 })
        outer = Self.state(after: block.map { $0 ^ 0x5C })
    }

    private static func state(after block: [UInt8]) -> SHA256.State {
        var state = SHA256.State()
        block.withUnsafeBytes { _ = SHA256.compressWholeBlocks(of: $0, into: &state) }
        return state
    }

    private static func digest(of bytes: UnsafeRawBufferPointer, after start: SHA256.State) -> SHA256Digest {
        var state = start
        let tail = SHA256.compressWholeBlocks(of: bytes, into: &state)
        SHA256.finish(&state, tail: tail, byteCount: UInt64(SHA256.blockSize + bytes.count))
        return state.digest
    }

    /// The code of a message.
    ///
    /// - Parameter message: The message.
    /// - Returns: The 32 bytes of the code.
    /// - Complexity: O(*n*) in the number of bytes, without an allocation.
    public func code(of message: [UInt8]) -> SHA256Digest {
        withUnsafeTemporaryAllocation(byteCount: SHA256Digest.byteCount, alignment: 8) { digest in
            message.withUnsafeBytes { Self.digest(of: $0, after: inner) }.store(into: digest)
            return Self.digest(of: UnsafeRawBufferPointer(digest), after: outer)
        }
    }
}

extension HMACSHA256: CustomStringConvertible, CustomReflectable {
    /// `HMAC-SHA-256`.
    public var description: String { "HMAC-SHA-256" }
    /// A mirror without children, so that `dump` shows no state that a key could be replaced by.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
