#if AWS
internal import AuraEffects
internal import AuraRuntime

/// Takes a body apart into pieces of a size, and watches its length.
struct BodySource {
    private var iterator: ByteStream.Iterator
    private var meter: BodyMeter
    /// What came and was not taken.
    private var rest: ArraySlice<UInt8> = []
    private let announced: Int?
    private let operation: String
    private let errors: HandlerErrors
    private var hasEnded = false

    init(_ body: ByteStream, atMost limit: Int, operation: String, errors: HandlerErrors) {
        iterator = body.makeAsyncIterator()
        announced = body.byteCount
        meter = BodyMeter(of: body, atMost: limit, operation: operation, errors: errors)
        self.operation = operation
        self.errors = errors
    }

    /// Whether there is nothing more.
    var isAtEnd: Bool { hasEnded && rest.isEmpty }

    /// Refuses a body that announces too much.
    func begin() throws(EffectError) {
        try meter.begin()
    }

    /// The next bytes.
    ///
    /// - Parameter count: How many.
    /// - Returns: So many, or fewer at the end.
    /// - Throws: What the body throws; `invalidArgument` for another length than it announces, and beyond the limit.
    mutating func take(_ count: Int) async throws(EffectError) -> [UInt8] {
        var bytes = Array(rest.prefix(count))
        rest = rest.dropFirst(bytes.count)
        // No more than that: what is sent side by side counts several times.
        if bytes.count < count { bytes.reserveCapacity(min(count, announced ?? count)) }
        // One that is as long as the piece needs another look: whether that was all.
        while rest.isEmpty, !hasEnded {
            guard let chunk = try await nextChunk() else { break }
            let room = count - bytes.count
            bytes += chunk.prefix(room)
            rest = chunk.dropFirst(room)
        }
        try errors.checkCancellation(in: operation)
        return bytes
    }

    private mutating func nextChunk() async throws(EffectError) -> [UInt8]? {
        try errors.checkCancellation(in: operation)
        var source = iterator
        let chunk = try await source.next()
        iterator = source
        if let chunk {
            try meter.take(chunk)
        } else {
            try meter.end()
            hasEnded = true
        }
        return chunk
    }
}
#endif
