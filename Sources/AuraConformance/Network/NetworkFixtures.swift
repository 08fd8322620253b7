internal import AuraEffects

extension Envelope {
    /// A message whose payload is a number, followed by as many zeros as wanted.
    static func numbered(_ number: Int, on channel: ChannelName = "numbers", padding: Int = 0) -> Envelope {
        let digits = (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
        return Envelope(channel: channel, payload: digits + Array(repeating: 0, count: padding))
    }

    /// The number that the payload begins with.
    var number: Int {
        payload.prefix(4).enumerated().reduce(0) { $0 | Int($1.element) << (8 * $1.offset) }
    }
}

extension NetworkSequence {
    /// The next `count` elements, or a failure if they do not come.
    func first(_ count: Int, fileID: String = #fileID, line: Int = #line) async throws -> [Element] {
        try await within(Patience.step, "waiting for \(count) elements", fileID: fileID, line: line) {
            var elements: [Element] = []
            var iterator = makeAsyncIterator()
            while elements.count < count {
                elements.append(try require(await iterator.next(), "the next element"))
            }
            return elements
        }
    }
}

extension NetworkSequence<PeerEvent> {
    /// Waits for an event, passing over others.
    func wait(for event: PeerEvent, fileID: String = #fileID, line: Int = #line) async throws {
        try await within(Patience.step, "waiting for \(event)", fileID: fileID, line: line) {
            var iterator = makeAsyncIterator()
            while try require(await iterator.next(), "the next event") != event {}
        }
    }
}

extension NetworkEffects {
    /// Answers every request on a channel with its own payload until the task is cancelled.
    func echo(on channel: ChannelName) async throws {
        for try await request in incoming(channel) {
            try await reply(Envelope(channel: channel, headers: request.headers, payload: request.payload), to: request)
        }
    }

    /// The numbers that arrive on the channel of numbers until the last one comes.
    func numbers(upTo last: Int) async throws -> [Int] {
        try await within(Patience.step, "waiting for number \(last)") {
            var numbers: [Int] = []
            var iterator = incoming("numbers").makeAsyncIterator()
            while numbers.last != last {
                numbers.append(try require(await iterator.next(), "the next message").number)
            }
            return numbers
        }
    }

    /// Fails unless the peer cannot be reached, and says so in time.
    func expectUnreachable(_ peer: PeerID, fileID: String = #fileID, line: Int = #line) async throws {
        try await within(Patience.step, "a send to an unreachable peer", fileID: fileID, line: line) {
            try await expectFailure(.unavailable, "a send to \(peer)", outcome: nil, fileID: fileID, line: line) {
                try await send(.numbered(1), to: peer)
            }
            let timeout = Duration.seconds(25)
            try await expectFailure(.unavailable, "a request to \(peer)", outcome: nil, fileID: fileID, line: line) {
                try await request(.numbered(1), to: peer, timeout: timeout)
            }
        }
        let reachable = try await peers()
        try expect(!reachable.contains(peer), "\(peer) is among the peers", fileID: fileID, line: line)
    }
}
