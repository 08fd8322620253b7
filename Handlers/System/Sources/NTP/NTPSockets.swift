internal import AuraEffects
internal import Synchronization

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Asks servers for the time, on a thread of its own: nothing else runs between an answer's arrival and its time-stamp.
actor NTPSockets {
    /// A question to one server.
    struct Question: Sendable {
        var index: Int
        var address: SocketAddress
        /// A random number that the answer has to repeat.
        var cookie: NTPTimestamp
    }

    private struct Open {
        var question: Question
        var descriptor: Int32
        var sent: Int64
    }

    private let executor: any SerialExecutor
    private let time: any TimeEffects
    private let isStopped = Atomic(false)

    /// How long the thread waits before it looks whether it is to stop, in nanoseconds.
    private static let slice: Int64 = 100_000_000

    /// So many datagrams of a socket are read before its turn is over: whoever floods it does not stop the clock's thread.
    private static let datagramsPerTurn = 16

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe executor.asUnownedSerialExecutor()
    }

    init(executor: any SerialExecutor, time: any TimeEffects) {
        self.executor = executor
        self.time = time
    }

    /// Ends the exchanges that are under way within a tenth of a second.
    nonisolated func stop() {
        isStopped.store(true, ordering: .relaxed)
    }

    /// Asks, and waits for the answers.
    ///
    /// Each question goes from a socket of its own, and so from another port: whoever does not see it can hardly forge an
    /// answer. Source: RFC 9109.
    ///
    /// - Parameters:
    ///   - questions: What to ask.
    ///   - timeout: How long to wait, in nanoseconds.
    /// - Returns: How each exchange ended.
    func exchange(_ questions: [Question], timeout: Int64) -> [(index: Int, outcome: NTPServer.Outcome)] {
        var outcomes: [(index: Int, outcome: NTPServer.Outcome)] = []
        var open: [Open] = []
        for question in questions {
            if let sent = send(question) {
                open.append(sent)
            } else {
                outcomes.append((question.index, .silence))
            }
        }
        let deadline = now + timeout
        while !open.isEmpty, now < deadline, !isStopped.load(ordering: .relaxed) {
            let readable = wait(for: open, until: deadline)
            let arrival = now
            open.removeAll { one in
                guard readable.contains(one.descriptor), let outcome = answer(to: one, arrival) else { return false }
                close(one.descriptor)
                outcomes.append((one.question.index, outcome))
                return true
            }
        }
        for one in open {
            close(one.descriptor)
            outcomes.append((one.question.index, .silence))
        }
        return outcomes
    }

    private var now: Int64 { time.monotonicNow.nanoseconds }

    private func send(_ question: Question) -> Open? {
        guard let descriptor = question.address.connectedSocket() else { return nil }
        let bytes = NTPPacket.request(cookie: question.cookie).bytes
        let sent = now
        let count = unsafe bytes.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
        guard count == bytes.count else {
            close(descriptor)
            return nil
        }
        return Open(question: question, descriptor: descriptor, sent: sent)
    }

    /// Blocks until some sockets have something to read.
    private func wait(for open: [Open], until deadline: Int64) -> Set<Int32> {
        var polled = open.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
        let rest = min(max(0, deadline - now), Self.slice)
        let count = unsafe poll(&polled, nfds_t(polled.count), Int32(rest / 1_000_000 + 1))
        return count > 0 ? Set(polled.filter { $0.revents != 0 }.map(\.fd)) : []
    }

    /// Reads some of what came; `nil` where the answer is not among it: whatever else comes is somebody else's.
    private func answer(to one: Open, _ arrival: Int64) -> NTPServer.Outcome? {
        var buffer = [UInt8](repeating: 0, count: 1024)
        for _ in 0..<Self.datagramsPerTurn {
            let count = unsafe buffer.withUnsafeMutableBytes { bytes in
                unsafe recv(one.descriptor, bytes.baseAddress, bytes.count, 0)
            }
            guard count >= 0 else {
                let isNothing = errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR
                return isNothing ? nil : .silence
            }
            if let packet = NTPPacket(buffer.prefix(count)), packet.answers(one.question.cookie) {
                return .reply(packet, sent: one.sent, received: arrival)
            }
        }
        return nil
    }
}
