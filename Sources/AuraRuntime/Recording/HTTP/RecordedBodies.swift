internal import AuraEffects
internal import Synchronization

/// Takes the checksum of a request's body while somebody else consumes it.
final class CheckedBody: Sendable {
    private struct State {
        var hash = SHA256()
        var digest: SHA256Digest?
    }

    private let state = Mutex(State())

    /// The checksum in hexadecimal digits, once the body was consumed to its end.
    var digest: String? { state.withLock { $0.digest?.description } }

    /// The body to consume in place of another one.
    func checking(_ body: ByteStream) -> ByteStream {
        // Each iteration begins at zero: a body that is sent again is hashed again.
        let source = RestartingBody(body)
        return ByteStream(byteCount: body.byteCount, isRepeatable: body.isRepeatable) {
            [self] offset throws(EffectError) in
            let chunk = try await source.chunk(at: offset)
            state.withLock { state in
                if offset == 0 { state = State() }
                if let chunk { state.hash.update(chunk) } else { state.digest = state.hash.finalize() }
            }
            return chunk
        }
    }

    /// The checksum of a body, which is consumed to its end.
    static func digest(of body: ByteStream?) async throws(EffectError) -> String {
        var hash = SHA256()
        if let body {
            for try await chunk in body { hash.update(chunk) }
        }
        return hash.finalize().description
    }
}

/// A body by offsets: asked for the first chunk it begins again.
private actor RestartingBody {
    private let body: ByteStream
    private var iterator: ByteStream.Iterator

    init(_ body: ByteStream) {
        self.body = body
        iterator = body.makeAsyncIterator()
    }

    func chunk(at offset: Int) async throws(EffectError) -> [UInt8]? {
        if offset == 0 { iterator = body.makeAsyncIterator() }
        var current = iterator
        let chunk = try await current.next()
        iterator = current
        return chunk
    }
}

/// Keeps the body of an answer while somebody else consumes it, and says what came once nobody does any more.
final class KeptBody: Sendable {
    private struct State {
        var bytes: [UInt8] = []
        var isOver = false
        var isTooLong = false
    }

    private let state = Mutex(State())
    private let limit: Int
    private let done: @Sendable (_ bytes: [UInt8], _ isWhole: Bool) -> Void

    /// Creates a keeper.
    ///
    /// - Parameters:
    ///   - limit: The most bytes that are kept.
    ///   - done: Takes the bytes once.
    init(atMost limit: Int, done: @escaping @Sendable (_ bytes: [UInt8], _ isWhole: Bool) -> Void) {
        self.limit = limit
        self.done = done
    }

    deinit {
        finish(isWhole: false)
    }

    func take(_ chunk: [UInt8]) {
        state.withLock { state in
            if state.bytes.count + chunk.count > limit { state.isTooLong = true }
            if !state.isTooLong { state.bytes += chunk }
        }
    }

    func finish(isWhole: Bool) {
        let end = state.withLock { state -> ([UInt8], Bool)? in
            guard !state.isOver else { return nil }
            state.isOver = true
            return (state.bytes, isWhole && !state.isTooLong)
        }
        if let (bytes, isWhole) = end { done(bytes, isWhole) }
    }

    /// The body to consume in place of another one.
    ///
    /// - Parameters:
    ///   - body: The other one.
    ///   - keeper: Keeps its bytes.
    ///   - finished: Called once it has come to its end or broken off.
    /// - Returns: The body.
    static func keeping(
        _ body: ByteStream,
        in keeper: KeptBody,
        finished: @escaping @Sendable () async -> Void
    ) -> ByteStream {
        let source = RestartingBody(body)
        return ByteStream(byteCount: body.byteCount) { offset throws(EffectError) in
            do throws(EffectError) {
                let chunk = try await source.next()
                if let chunk { keeper.take(chunk) } else { keeper.finish(isWhole: true) }
                if chunk == nil { await finished() }
                return chunk
            } catch {
                keeper.finish(isWhole: false)
                await finished()
                throw error
            }
        }
    }
}

extension RestartingBody {
    /// The next chunk, wherever it is.
    fileprivate func next() async throws(EffectError) -> [UInt8]? {
        try await chunk(at: 1)
    }
}
