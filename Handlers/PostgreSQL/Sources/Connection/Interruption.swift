#if PostgreSQL
#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif
internal import Synchronization

/// Wakes the thread that waits for a server's answer: for a call that was cancelled, or for the end of the handler.
///
/// A pipe, since the thread waits in `poll`. Each call has a number, so that a late cancellation does not hit the next.
final class Interruption: Sendable {
    private struct State {
        var call: UInt64 = 0
        var isInterrupted = false
        var isFinished = false
    }

    private let state = Mutex(State())
    /// What becomes readable once somebody interrupts.
    let readable: Int32
    private let writable: Int32

    /// Creates the pipe.
    ///
    /// - Throws: ``PostgreSQLFailure`` where the process has no file descriptor left.
    init() throws(PostgreSQLFailure) {
        var ends: [Int32] = [-1, -1]
        let status = unsafe pipe(&ends)
        guard status == 0 else {
            throw PostgreSQLFailure(
                kind: .cannotConnect(.unreachable),
                text: "The process has no file descriptor left."
            )
        }
        (readable, writable) = (ends[0], ends[1])
        for end in [readable, writable] {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
    }

    deinit {
        close(readable)
        close(writable)
    }

    /// Begins a call; what interrupted the one before is forgotten.
    func begin() -> UInt64 {
        state.withLock { state in
            state.call += 1
            if state.isInterrupted, !state.isFinished {
                state.isInterrupted = false
                var bytes: UInt64 = 0
                while unsafe read(readable, &bytes, 8) > 0 {}
            }
            return state.call
        }
    }

    /// Interrupts a call, where it is still under way.
    func interrupt(_ call: UInt64) {
        state.withLock { state in
            guard state.call == call else { return }
            wake(&state)
        }
    }

    /// Interrupts what is under way and everything after it.
    func finish() {
        state.withLock { state in
            state.isFinished = true
            wake(&state)
        }
    }

    var isInterrupted: Bool { state.withLock { $0.isInterrupted } }
    var isFinished: Bool { state.withLock { $0.isFinished } }

    private func wake(_ state: inout State) {
        guard !state.isInterrupted else { return }
        state.isInterrupted = true
        var byte: UInt8 = 1
        _ = unsafe write(writable, &byte, 1)
    }
}
#endif
