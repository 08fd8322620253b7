#if PostgreSQL
internal import AuraEffects
#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Waits for a socket on the connection's own thread, up to a deadline or an interruption.
struct SocketWaiting {
    enum Outcome {
        case ready
        case interrupted
        case timedOut
    }

    let time: any TimeEffects
    let interruption: Interruption

    /// Blocks the calling thread until the socket can be used.
    ///
    /// - Parameters:
    ///   - socket: The connection's socket.
    ///   - reading: Whether something to read is waited for.
    ///   - writing: Whether room for writing is waited for.
    ///   - deadline: When to give up.
    ///   - heedsInterruption: Whether an interruption ends the wait.
    /// - Returns: Why the wait ended.
    func wait(
        for socket: Int32,
        reading: Bool = true,
        writing: Bool,
        until deadline: MonotonicInstant,
        heedsInterruption: Bool = true
    ) -> Outcome {
        let events = Int16((reading ? POLLIN : 0) | (writing ? POLLOUT : 0))
        while true {
            let rest = time.monotonicNow.duration(to: deadline)
            guard rest > .zero else { return .timedOut }
            let milliseconds = Int32(
                clamping: rest.components.seconds * 1000 + rest.components.attoseconds / 1_000_000_000_000_000 + 1
            )
            let descriptors = heedsInterruption ? 2 : 1
            var polled = (
                pollfd(fd: socket, events: events, revents: 0),
                pollfd(fd: interruption.readable, events: Int16(POLLIN), revents: 0)
            )
            let count = unsafe withUnsafeMutableBytes(of: &polled) { bytes in
                unsafe poll(bytes.assumingMemoryBound(to: pollfd.self).baseAddress, nfds_t(descriptors), milliseconds)
            }
            if count < 0, errno == EINTR { continue }
            if heedsInterruption, polled.1.revents != 0 { return .interrupted }
            if polled.0.revents != 0 { return .ready }
        }
    }
}
#endif
