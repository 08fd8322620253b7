#if AWS
internal import AuraEffects
internal import AuraRuntime
internal import Synchronization

/// A body that is sent as it comes: its checksum is known once it was sent, and so is why it failed.
final class CheckedBody: Sendable {
    private struct State {
        var check = CRC32(.castagnoli)
        var failure: EffectError?
    }

    private let state = Mutex(State())
    private let body: ByteStream
    private let byteCount: Int
    private let operation: String
    private let errors: HandlerErrors

    init(_ body: ByteStream, byteCount: Int, operation: String, errors: HandlerErrors) {
        self.body = body
        self.byteCount = byteCount
        self.operation = operation
        self.errors = errors
    }

    /// The body to send.
    var stream: ByteStream {
        let nextChunk = body.nextChunk
        return ByteStream(byteCount: byteCount, isRepeatable: body.isRepeatable) { [self] offset throws(EffectError) in
            do throws(EffectError) {
                try errors.checkCancellation(in: operation)
                let chunk = try await nextChunk(offset)
                try take(chunk, at: offset)
                return chunk
            } catch {
                state.withLock { $0.failure = error }
                throw error
            }
        }
    }

    private func take(_ chunk: [UInt8]?, at offset: Int) throws(EffectError) {
        let count = state.withLock { state in
            if offset == 0 { state = State() }
            if let chunk { state.check.update(chunk) }
            return state.check.byteCount
        }
        guard count > byteCount || chunk == nil && count < byteCount else { return }
        let message = "The body announces \(byteCount) bytes and has another number: nothing was stored."
        throw errors.error(.invalidArgument, in: operation, message)
    }

    /// Why the body failed, where it did.
    var failure: EffectError? { state.withLock { $0.failure } }

    /// The checksum of what was sent; `nil` where that was not all.
    var check: UInt32? {
        state.withLock { $0.check.byteCount == byteCount ? $0.check.value : nil }
    }
}
#endif
