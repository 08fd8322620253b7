internal import AuraEffects
internal import AuraRuntime
internal import Synchronization

/// The body of a request on its way to a server: it has as many bytes as it says.
final class SentBody: Sendable {
    private let body: ByteStream
    private let state = Mutex<EffectError?>(nil)

    init(_ body: ByteStream) {
        self.body = body
    }

    /// What the body failed with.
    var failure: EffectError? { state.withLock { $0 } }

    /// The body as the server gets it.
    var stream: ByteStream {
        let cursor = ReceivedBody(body)
        let byteCount = body.byteCount
        return ByteStream(byteCount: byteCount) { [self] offset throws(EffectError) in
            do throws(EffectError) {
                let chunk = try await cursor.next(named: false)
                let end = offset + (chunk?.count ?? 0)
                if let byteCount, chunk == nil ? end < byteCount : end > byteCount { throw Self.wrongLength(byteCount) }
                return chunk
            } catch {
                state.withLock { $0 = error }
                throw error
            }
        }
    }

    private static func wrongLength(_ byteCount: Int) -> EffectError {
        MemoryHTTPHandler.errors.error(
            .invalidArgument,
            in: "send",
            "The body has not the \(byteCount) bytes that it says: give its length, or none where it is not known."
        )
    }
}

/// A body that is consumed once, whoever takes its chunks.
actor ReceivedBody {
    private var iterator: ByteStream.Iterator
    private var failure: EffectError?

    init(_ body: ByteStream) {
        iterator = body.makeAsyncIterator()
    }

    /// The next chunk; after a failure the same failure.
    ///
    /// - Parameter named: Whether errors are the handler's.
    /// - Returns: The chunk; `nil` at the end.
    /// - Throws: The body's error.
    func next(named: Bool = true) async throws(EffectError) -> [UInt8]? {
        if let failure { throw failure }
        var current = iterator
        do throws(EffectError) {
            let chunk = try await current.next()
            iterator = current
            return chunk
        } catch {
            let shown = named ? MemoryHTTPHandler.failure(error) : error
            failure = shown
            throw shown
        }
    }
}
