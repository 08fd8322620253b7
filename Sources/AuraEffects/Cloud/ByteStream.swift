/// The bytes of a large object in chunks, pulled by who takes them: nothing is fetched before it is asked for.
///
/// A body that comes to its end has delivered every byte; one that was cut off throws. Cancelling the consuming task ends
/// it with `cancelled`.
///
/// ```swift
/// let body = ByteStream { offset throws(EffectError) in try await file.read(at: offset, atMost: 65_536) }
/// ```
public struct ByteStream: AsyncSequence, Sendable {
    /// Fetches the chunk that begins at an offset; it throws ``EffectError`` and returns `nil` at the end.
    ///
    /// Each iteration asks for the chunks one after the other, from zero.
    public typealias ChunkSource = @Sendable (_ offset: Int) async throws(EffectError) -> [UInt8]?

    /// How many bytes there are; `nil` where that is not known beforehand.
    public let byteCount: Int?

    /// Whether each iteration delivers the same bytes from the beginning, so that a failed call may be repeated with them.
    public let isRepeatable: Bool

    /// What fetches its chunks: for handlers that wrap a body, and ask for them as an iterator does.
    package let nextChunk: ChunkSource

    /// Creates a body.
    ///
    /// - Parameters:
    ///   - byteCount: How many bytes there are; `nil` where that is not known beforehand.
    ///   - isRepeatable: Whether each iteration delivers the same bytes from the beginning.
    ///   - nextChunk: Fetches chunks.
    public init(byteCount: Int? = nil, isRepeatable: Bool = false, nextChunk: @escaping ChunkSource) {
        self.byteCount = byteCount
        self.isRepeatable = isRepeatable
        self.nextChunk = nextChunk
    }

    /// Creates a body from bytes that are there.
    ///
    /// - Parameters:
    ///   - bytes: The bytes.
    ///   - chunkSize: The most bytes of a chunk; at least 1.
    public init(_ bytes: [UInt8], chunkSize: Int = 65_536) {
        precondition(chunkSize > 0, "A chunk has at least one byte.")
        self.init(byteCount: bytes.count, isRepeatable: true) { offset throws(EffectError) in
            guard offset < bytes.count else { return nil }
            return Array(bytes[offset...].prefix(chunkSize))
        }
    }

    /// Creates an iterator.
    ///
    /// The body of an object that is being read is delivered once: a second iterator gets no more than is left.
    public func makeAsyncIterator() -> Iterator {
        Iterator(nextChunk: nextChunk)
    }

    /// Iterates over the chunks of a body.
    public struct Iterator: AsyncIteratorProtocol {
        private var offset = 0
        private var isAtEnd = false
        let nextChunk: ChunkSource

        init(nextChunk: @escaping ChunkSource) {
            self.nextChunk = nextChunk
        }

        /// The next chunk; suspends until there is one.
        ///
        /// - Parameter actor: The isolation to run on.
        /// - Returns: The chunk, which is not empty; `nil` at the end.
        /// - Throws: ``EffectError`` of where the bytes come from, or with `cancelled`.
        public mutating func next(
            isolation actor: isolated (any Actor)? = #isolation
        ) async throws(EffectError) -> [UInt8]? {
            while !isAtEnd {
                guard let chunk = try await nextChunk(offset) else {
                    isAtEnd = true
                    return nil
                }
                offset += chunk.count
                if !chunk.isEmpty { return chunk }
            }
            return nil
        }
    }
}

extension ByteStream {
    /// All bytes at once, for bodies that are known to be small.
    ///
    /// - Parameter limit: The most bytes; the rest of a larger body is not fetched.
    /// - Returns: The bytes.
    /// - Throws: `resourceExhausted` for more than `limit` bytes; ``EffectError`` of where the bytes come from.
    public func bytes(atMost limit: Int) async throws(EffectError) -> [UInt8] {
        var bytes: [UInt8] = []
        var iterator = makeAsyncIterator()
        while let chunk = try await iterator.next() {
            guard bytes.count + chunk.count <= limit else {
                throw EffectError(
                    .resourceExhausted,
                    "The body has more than \(limit) bytes: take it chunk by chunk.",
                    isRetryable: false
                )
            }
            bytes += chunk
        }
        return bytes
    }
}
