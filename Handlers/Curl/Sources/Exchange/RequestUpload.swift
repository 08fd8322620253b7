#if Curl
internal import AuraEffects
internal import AuraRuntime
internal import Synchronization

/// The bytes of a request's body that are there and not sent.
///
/// A task puts chunks in, and waits while there are enough; libcurl's thread takes them out.
final class RequestUpload: Sendable {
    /// What libcurl gets.
    enum Taken: Hashable {
        case bytes(Int)
        case end
        /// There is nothing yet: ``hasNews`` says when there is.
        case nothingYet
        /// The body failed.
        case failed
    }

    private struct State {
        /// The chunks from the next one on, after those that are taken.
        var chunks: [[UInt8]] = []
        /// The place of the next chunk.
        var next = 0
        /// How much of the next chunk is taken.
        var offset = 0
        var waiting = 0
        var total = 0
        var isComplete = false
        /// Whether libcurl found nothing.
        var isStarved = false
        var isClosed = false
        var failure: EffectError?
        var room: OneShot<Bool>?

        /// Goes on to the next chunk.
        mutating func advance() {
            chunks[next] = []
            next += 1
            offset = 0
            guard next == chunks.count else { return }
            chunks.removeAll(keepingCapacity: true)
            next = 0
        }
    }

    /// How many bytes there are; `nil` where that is not known beforehand.
    let byteCount: Int?
    private let capacity: Int
    /// All bytes, where they were there from the beginning: they can be had again.
    private let whole: [UInt8]?
    private let state = Mutex(State())

    /// Creates a body whose chunks follow.
    init(byteCount: Int?, capacity: Int) {
        self.byteCount = byteCount
        self.capacity = capacity
        whole = nil
    }

    /// Creates a body of bytes that are all there.
    init(_ bytes: [UInt8]) {
        byteCount = bytes.count
        capacity = bytes.count
        whole = bytes
        state.withLock { $0 = Self.initial(bytes) }
    }

    /// Whether all bytes were there from the beginning.
    var isWhole: Bool { whole != nil }

    private static func initial(_ bytes: [UInt8]) -> State {
        State(chunks: bytes.isEmpty ? [] : [bytes], waiting: bytes.count, total: bytes.count, isComplete: true)
    }

    // MARK: The task that brings the body

    /// Puts a chunk in, and waits until there is room for the next.
    ///
    /// - Parameters:
    ///   - chunk: The bytes.
    ///   - news: Called where libcurl waits for them.
    /// - Returns: `false` once nobody wants more.
    /// - Throws: `invalidArgument` for more bytes than there should be.
    func put(_ chunk: [UInt8], news: () -> Void) async throws(EffectError) -> Bool {
        let (wasStarved, isTooLong) = state.withLock { state -> (Bool, Bool) in
            state.total += chunk.count
            guard state.total <= byteCount ?? .max else { return (false, true) }
            state.chunks.append(chunk)
            state.waiting += chunk.count
            defer { state.isStarved = false }
            return (state.isStarved, false)
        }
        if isTooLong { throw Self.wrongLength(of: byteCount) }
        if wasStarved { news() }
        return await waitForRoom()
    }

    private func waitForRoom() async -> Bool {
        let room = state.withLock { state -> OneShot<Bool>? in
            guard !state.isClosed, state.waiting >= capacity else { return nil }
            let room = OneShot<Bool>()
            state.room = room
            return room
        }
        if let room { _ = await room.value(orWhenCancelled: false) }
        return state.withLock { !$0.isClosed } && !Task.isCancelled
    }

    /// Says that the body is complete.
    ///
    /// - Throws: `invalidArgument` for fewer bytes than there should be.
    func complete(news: () -> Void) throws(EffectError) {
        let isTooShort = state.withLock { state in
            guard state.total >= byteCount ?? 0 else { return true }
            state.isComplete = true
            state.isStarved = false
            return false
        }
        if isTooShort { throw Self.wrongLength(of: byteCount) }
        news()
    }

    /// Says that the body failed.
    func fail(_ error: EffectError, news: () -> Void) {
        state.withLock { state in
            state.failure = error
            state.isStarved = false
        }
        news()
    }

    /// What the body failed with.
    var failure: EffectError? { state.withLock { $0.failure } }

    static func wrongLength(of byteCount: Int?) -> EffectError {
        CurlHTTPHandler.errors.error(
            .invalidArgument,
            in: "send",
            "The body has not the \(byteCount ?? 0) bytes that it says: give its length, or none where it is not known."
        )
    }

    // MARK: libcurl's thread

    /// Takes bytes out.
    func take(into target: UnsafeMutableRawBufferPointer) -> Taken {
        let target = unsafe UncheckedTarget(target)
        let (taken, room) = state.withLock { state -> (Taken, OneShot<Bool>?) in
            // A server that has answered gets no more; an end would pass for the body's own.
            guard !state.isClosed else { return (.nothingYet, nil) }
            guard state.failure == nil else { return (.failed, nil) }
            var count = 0
            while unsafe count < target.bytes.count, state.next < state.chunks.count {
                let chunk = state.chunks[state.next]
                let part = unsafe min(chunk.count - state.offset, target.bytes.count - count)
                unsafe chunk.withUnsafeBytes { bytes in
                    let source = unsafe UnsafeRawBufferPointer(rebasing: bytes[state.offset..<(state.offset + part)])
                    unsafe UnsafeMutableRawBufferPointer(rebasing: target.bytes[count...]).copyMemory(from: source)
                }
                count += part
                state.offset += part
                if state.offset == chunk.count {
                    state.advance()
                }
            }
            state.waiting -= count
            if count == 0 {
                if state.isComplete { return (.end, nil) }
                state.isStarved = true
            }
            guard state.waiting < capacity else { return (.bytes(count), nil) }
            defer { state.room = nil }
            return (count == 0 ? .nothingYet : .bytes(count), state.room)
        }
        room?.resolve(true)
        return taken
    }

    /// Whether there is something for libcurl, which found nothing before.
    var hasNews: Bool { state.withLock { !$0.isStarved } }

    /// Whether libcurl has got every byte.
    var isTaken: Bool { state.withLock { $0.isComplete && $0.chunks.isEmpty } }

    /// Whether nobody wants more.
    var isClosed: Bool { state.withLock { $0.isClosed } }

    /// Begins again from the first byte; `false` where the bytes are gone.
    func rewind() -> Bool {
        guard let whole else { return false }
        state.withLock { $0 = Self.initial(whole) }
        return true
    }

    /// Says that nobody wants more.
    func close() {
        let room = state.withLock { state -> OneShot<Bool>? in
            state.isClosed = true
            state.isStarved = false
            state.chunks = []
            state.next = 0
            defer { state.room = nil }
            return state.room
        }
        room?.resolve(false)
    }
}

/// Memory that is lent for the time of a call.
@safe
private struct UncheckedTarget: @unchecked Sendable {
    let bytes: UnsafeMutableRawBufferPointer

    init(_ bytes: UnsafeMutableRawBufferPointer) {
        unsafe self.bytes = bytes
    }
}
#endif
