#if Curl
internal import CCurl
internal import Synchronization

/// What callers want of libcurl's thread.
final class EngineMailbox: Sendable {
    enum Message: Sendable {
        /// Send a request.
        case begin(Exchange)
        /// Go on: there are bytes to send, or there is room for bytes to receive.
        case proceed(Exchange)
        /// Give the request and its connection up.
        case abandon(Exchange)
        /// End everything.
        case stop
    }

    private struct State {
        var messages: [Message] = []
        /// Whether the thread waits for sockets, or is about to.
        var isWaiting = false
        var waker: Waker?
    }

    private let state: Mutex<State>

    init(_ waker: Waker) {
        state = Mutex(State(waker: waker))
    }

    /// Leaves a message, and wakes the thread where it waits.
    ///
    /// - Returns: `false` once the thread has ended.
    @discardableResult
    func post(_ message: Message) -> Bool {
        state.withLock { state in
            guard let waker = state.waker else { return false }
            state.messages.append(message)
            if state.isWaiting {
                state.isWaiting = false
                waker.wake()
            }
            return true
        }
    }

    /// Takes the messages.
    func take() -> [Message] {
        state.withLock { state in
            guard !state.messages.isEmpty else { return [] }
            defer { state.messages = [] }
            return state.messages
        }
    }

    /// Says that the thread waits from now on.
    ///
    /// - Returns: `false` where there is a message already.
    func beginWaiting() -> Bool {
        state.withLock { state in
            state.isWaiting = state.messages.isEmpty
            return state.isWaiting
        }
    }

    /// Says that the thread no longer waits.
    func endWaiting() {
        state.withLock { $0.isWaiting = false }
    }

    /// Takes no more messages.
    ///
    /// - Returns: Those that were not taken.
    func close() -> [Message] {
        state.withLock { state in
            state.waker = nil
            defer { state.messages = [] }
            return state.messages
        }
    }
}

/// Ends the wait of libcurl's thread.
///
/// Safe to send: libcurl lets any thread call it, and the mailbox forgets it before the handle is freed.
@safe
struct Waker: @unchecked Sendable {
    private let multi: UnsafeMutableRawPointer

    init(_ multi: UnsafeMutableRawPointer) {
        unsafe self.multi = multi
    }

    func wake() {
        unsafe _ = curl_multi_wakeup(multi)
    }
}
#endif
