#if Curl
internal import AuraEffects
internal import AuraRuntime
internal import Synchronization

/// The bytes of an answer that have come and are not consumed.
///
/// libcurl's thread puts them in and a consumer takes all that there are. Beyond the capacity none are taken from the
/// server until the consumer has come.
final class ResponseBuffer: Sendable {
    private struct State {
        var bytes: [UInt8] = []
        /// Whether libcurl was told to wait for the consumer.
        var isPaused = false
        var end: Result<Void, EffectError>?
        var waiters: [OneShot<Bool>] = []
    }

    private enum Step {
        case take([UInt8], wasPaused: Bool)
        case end(Result<Void, EffectError>)
        case wait(OneShot<Bool>)
    }

    private let capacity: Int
    private let state = Mutex(State())

    init(capacity: Int) {
        self.capacity = capacity
    }

    /// Puts bytes in.
    ///
    /// - Returns: `false` where there is no room: then none was taken, and ``isReady`` says when there is.
    func append(_ bytes: UnsafeRawBufferPointer) -> Bool {
        // Safe: the pointer is used only while the lock is held, within this call.
        let bytes = unsafe UncheckedBytes(bytes: bytes)
        return state.withLock { state in
            guard state.bytes.count < capacity else {
                state.isPaused = true
                return false
            }
            unsafe state.bytes.append(contentsOf: bytes.bytes)
            return true
        }
    }

    /// Whether there is room again.
    var isReady: Bool { state.withLock { !$0.isPaused } }

    /// Says that no more bytes come.
    ///
    /// - Parameter result: Whether all have come.
    func finish(_ result: Result<Void, EffectError>) {
        state.withLock { state in
            if state.end == nil { state.end = result }
        }
    }

    /// Whether no more bytes come.
    var isFinished: Bool { state.withLock { $0.end != nil } }

    /// Wakes the consumers where there is something for them.
    func wake() {
        let waiters = state.withLock { state -> [OneShot<Bool>] in
            guard !state.waiters.isEmpty, !state.bytes.isEmpty || state.end != nil else { return [] }
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resolve(true) }
    }

    /// Waits for bytes and takes them.
    ///
    /// - Parameter madeRoom: Called where libcurl waits for the room.
    /// - Returns: The bytes; `nil` at the end.
    /// - Throws: The error that the answer broke off with; `cancelled`.
    func next(madeRoom: () -> Void) async throws(EffectError) -> [UInt8]? {
        while true {
            guard !Task.isCancelled else { throw Self.cancelled }
            switch state.withLock({ step(&$0) }) {
            case .take(let bytes, let wasPaused):
                if wasPaused { madeRoom() }
                return bytes
            case .end(let result):
                try result.get()
                return nil
            case .wait(let news):
                guard await news.value(orWhenCancelled: false) else { throw Self.cancelled }
            }
        }
    }

    private func step(_ state: inout State) -> Step {
        if !state.bytes.isEmpty {
            let bytes = state.bytes
            let wasPaused = state.isPaused
            state.bytes = []
            state.isPaused = false
            return .take(bytes, wasPaused: wasPaused)
        }
        if let end = state.end { return .end(end) }
        let news = OneShot<Bool>()
        state.waiters.append(news)
        return .wait(news)
    }

    private static let cancelled = CurlHTTPHandler.errors.error(
        .cancelled,
        in: "send",
        "The task was cancelled before the body of the answer had come.",
        outcome: .unknown
    )
}

/// Bytes that are lent for the time of a call.
@safe
struct UncheckedBytes: @unchecked Sendable {
    let bytes: UnsafeRawBufferPointer

    init(bytes: UnsafeRawBufferPointer) {
        unsafe self.bytes = bytes
    }
}
#endif
