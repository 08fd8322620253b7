internal import AuraEffects
internal import Testing

@testable internal import AuraSystem

/// Each test has chronyd servers of its own: their clocks are the machine's, or wrong on purpose.
@Suite("Trusted time on real servers", .serialized, .timeLimit(.minutes(5)))
struct TrustedTimeTests {
    @Test("one of three servers lies by 90 s: the clock stays right, and the liar is named")
    func liar() async throws {
        let servers = [try ChronyServer(), try ChronyServer(ahead: 90), try ChronyServer()]
        let trusted = try TrustedClock(try servers.map { try $0.name })
        try await trusted.wait(until: "two servers are used, and the liar is known") { found in
            found.servers.map(\.state) == [.used, .falseticker, .used] && trusted.isCorrected
        }
        #expect(trusted.isRight)
        let found = try trusted.synchronization
        #expect(found.isSynchronized)
        let uncertainty = try #require(trusted.time.now.uncertainty)
        #expect(uncertainty < .seconds(1))
        let offset = try #require(found.servers[1].offset)
        #expect(offset > .seconds(88) && offset < .seconds(92))
        let liar = try servers[1].name
        let warning = "warning: A time server contradicts the majority: it is not believed \(liar)"
        try await trusted.wait(until: "the liar is named") { _ in trusted.log.all.contains(warning) }
        await trusted.stop()
    }

    @Test("the clock follows a majority that is 90 s ahead, and the one server with the machine's time is the liar")
    func behind() async throws {
        let servers = [try ChronyServer(ahead: 90), try ChronyServer(), try ChronyServer(ahead: 90)]
        let trusted = try TrustedClock(try servers.map { try $0.name })
        let before = trusted.time.now.nanosecondsSinceEpoch
        // The two that agree may be heard before the third one has come up.
        try await trusted.wait(until: "the clock is corrected, and the liar is known") { found in
            found.isSynchronized && found.servers[1].state == .falseticker && trusted.isCorrected
        }
        #expect(trusted.error > .seconds(88) && trusted.error < .seconds(92))
        #expect(trusted.time.now.nanosecondsSinceEpoch > before)
        await trusted.stop()
    }

    @Test("a clock that is 90 s ahead of the majority slows down, and never goes back")
    func ahead() async throws {
        let servers = [try ChronyServer(ahead: -90), try ChronyServer(ahead: -90), try ChronyServer(ahead: -90)]
        let trusted = try TrustedClock(try servers.map { try $0.name })
        var last = trusted.time.now.nanosecondsSinceEpoch
        try await trusted.wait(until: "the servers agree") { $0.isSynchronized && trusted.isCorrected }
        // Each is read between two readings of the time that passes: a test that gets no turn there is no clock that errs.
        let beforeStart = trusted.time.monotonicNow
        let start = trusted.time.now.nanosecondsSinceEpoch
        let afterStart = trusted.time.monotonicNow
        for _ in 0..<100 {
            try await trusted.time.sleep(for: .milliseconds(10))
            let now = trusted.time.now
            #expect(now.nanosecondsSinceEpoch > last)
            last = now.nanosecondsSinceEpoch
            // What is left to make up for counts.
            #expect(try #require(now.uncertainty) > .seconds(85))
        }
        let least = afterStart.duration(to: trusted.time.monotonicNow)
        let shown = Duration.nanoseconds(trusted.time.now.nanosecondsSinceEpoch - start)
        let most = beforeStart.duration(to: trusted.time.monotonicNow)
        #expect(shown / least > 0.89 && shown / most < 0.91)
        await trusted.stop()
    }

    @Test("once the majority of the servers is gone the clock goes on, and grows less certain")
    func gone() async throws {
        let servers = [try ChronyServer(), try ChronyServer(), try ChronyServer(ahead: 90)]
        let trusted = try TrustedClock(try servers.map { try $0.name }, poll: .milliseconds(100))
        try await trusted.wait(until: "the liar is known") { $0.servers[2].state == .falseticker }
        servers[0].stop()
        servers[1].stop()
        // The liar is the only one that is left.
        try await trusted.wait(until: "two servers are unreachable") { found in
            found.servers.map(\.state) == [.unreachable, .unreachable, .undecided]
        }
        #expect(try !trusted.synchronization.isSynchronized)
        let beforeFirst = trusted.time.monotonicNow
        let first = try #require(trusted.time.now.uncertainty)
        let afterFirst = trusted.time.monotonicNow
        try await trusted.time.sleep(for: .seconds(2))
        let least = afterFirst.duration(to: trusted.time.monotonicNow)
        let second = try #require(trusted.time.now.uncertainty)
        let most = beforeFirst.duration(to: trusted.time.monotonicNow)
        #expect((second - first) / least > 14e-6 && (second - first) / most < 16e-6)
        #expect(trusted.isRight)
        #expect(
            trusted.log.all.contains(
                "warning: No majority of the time servers agrees any more: the clock goes on alone, ever less certain"
            )
        )
        await trusted.stop()
    }

    @Test("a server that jumps by 90 s is found out, and the clock does not follow it")
    func jump() async throws {
        let servers = [try ChronyServer(), try ChronyServer(), try ChronyServer()]
        let trusted = try TrustedClock(try servers.map { try $0.name }, poll: .milliseconds(100))
        try await trusted.wait(until: "all are used") { found in found.servers.allSatisfy { $0.state == .used } }
        servers[1].stop()
        let jumped = try ChronyServer(ahead: 90, port: servers[1].port)
        try await trusted.wait(until: "it is a falseticker") { $0.servers[1].state == .falseticker }
        #expect(try trusted.synchronization.servers[1].jumps == 1)
        #expect(trusted.isRight)
        let warning = "warning: A time server's clock has jumped \(try jumped.name)"
        try await trusted.wait(until: "the jump is told") { _ in trusted.log.all.contains(warning) }
        // Right again, it is believed again.
        jumped.stop()
        let mended = try ChronyServer(port: servers[1].port)
        try await trusted.wait(until: "it is used again") { $0.servers[1].state == .used }
        withExtendedLifetime(mended) {}
        await trusted.stop()
    }

    @Test("servers that come up after the handler are heard then")
    func late() async throws {
        let ports = try (0..<3).map { _ in try Loopback.freePort() }
        let trusted = try TrustedClock(try ports.map { try Loopback.name($0) }, poll: .milliseconds(100))
        try await trusted.time.sleep(for: .milliseconds(500))
        #expect(trusted.time.now.uncertainty == nil)
        #expect(try trusted.synchronization.servers.allSatisfy { $0.reach == 0 })
        let servers = try ports.map { try ChronyServer(port: $0) }
        try await trusted.wait(until: "the servers agree") { $0.isSynchronized && trusted.isCorrected }
        #expect(try #require(trusted.time.now.uncertainty) < .seconds(1))
        withExtendedLifetime(servers) {}
        await trusted.stop()
    }
}
