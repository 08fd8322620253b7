internal import AuraConformance
internal import AuraEffects
internal import AuraRuntime
internal import Synchronization
internal import Testing

@testable internal import AuraSystem

@Suite("Trusted time on servers that misbehave", .timeLimit(.minutes(5)))
struct NTPConductTests {
    @Test("a server that says DENY or RSTR is asked no more", arguments: ["DENY", "RSTR"])
    func denied(_ code: String) async throws {
        let server = try TimeServer(.kiss(code))
        let trusted = try TrustedClock([try server.name], poll: .milliseconds(50), burst: .milliseconds(50))
        try await trusted.wait(until: "the server is left alone") { $0.servers[0].state == .denied(code) }
        let count = server.questions.count
        server.behave(.time(error: .zero))
        try await trusted.time.sleep(for: .milliseconds(500))
        #expect(server.questions.count == count)
        #expect(trusted.time.now.uncertainty == nil)
        let message = "error: A time server does not want to be asked (\(code)): choose another one \(try server.name)"
        #expect(trusted.log.all.contains(message))
        await trusted.stop()
        server.stop()
    }

    @Test("a server that says RATE is asked less often, and its time is still taken")
    func rate() async throws {
        let server = try TimeServer(.kiss("RATE"))
        let start = ContinuousClock.now
        let trusted = try TrustedClock([try server.name], poll: .milliseconds(100), burst: .milliseconds(10))
        try await trusted.wait(until: "it was asked four times") { _ in server.questions.count >= 4 }
        // At 0, 200, 600 and 1400 ms, where without minding it there were 10 ms and then 100 ms from one to the next.
        #expect(ContinuousClock.now - start >= .milliseconds(1300))
        server.behave(.time(error: .seconds(10)))
        try await trusted.wait(until: "its time is taken") { $0.isSynchronized && trusted.isCorrected }
        #expect(trusted.error > .seconds(9))
        await trusted.stop()
        server.stop()
    }

    @Test("a forged answer to a question that was not asked is not heeded")
    func forged() async throws {
        let server = try TimeServer(.forged(error: .seconds(1000)))
        let trusted = try TrustedClock([try server.name])
        try await trusted.wait(until: "the true answer is taken") { $0.isSynchronized }
        #expect(trusted.isRight)
        #expect(try trusted.synchronization.servers[0].jumps == 0)
        await trusted.stop()
        server.stop()
    }

    @Test("each question has another cookie, and tells nothing else")
    func questions() async throws {
        let server = try TimeServer()
        let trusted = try TrustedClock([try server.name], poll: .milliseconds(50), burst: .milliseconds(50))
        try await trusted.wait(until: "some questions were asked") { _ in server.questions.count >= 5 }
        await trusted.stop()
        server.stop()
        let head: [UInt8] = [0x23] + [UInt8](repeating: 0, count: 39)
        for question in server.questions {
            #expect(question.count == 48)
            #expect(Array(question.prefix(40)) == head)
        }
        #expect(Set(server.questions.map { $0.suffix(8) }).count == server.questions.count)
    }

    @Test("a server that no longer knows the time is not listened to, and says why")
    func unsynchronized() async throws {
        let server = try TimeServer()
        let trusted = try TrustedClock([try server.name], poll: .milliseconds(50), burst: .milliseconds(50))
        try await trusted.wait(until: "its time is taken") { $0.isSynchronized }
        server.behave(.unsynchronized)
        try await trusted.wait(until: "it is refused") { found in
            found.servers[0].state == .unusable("says that it does not know the time") && !found.isSynchronized
        }
        #expect(trusted.time.now.uncertainty != nil)
        await trusted.stop()
        server.stop()
    }

    @Test("a handler whose servers are silent stops within a second")
    func stops() async throws {
        let server = try TimeServer(.silence)
        let trusted = try TrustedClock([try server.name])
        try await trusted.wait(until: "it was asked") { _ in !server.questions.isEmpty }
        let start = trusted.time.monotonicNow
        await trusted.stop()
        #expect(start.duration(to: trusted.time.monotonicNow) < .seconds(1))
        server.stop()
    }

    @Test("a name without an address is no hindrance to the others")
    func unresolved() async throws {
        let servers = [try TimeServer(), try TimeServer()]
        let lost = try #require(NTPServerName("no-such-host.invalid"))
        let trusted = try TrustedClock([lost] + (try servers.map { try $0.name }))
        try await trusted.wait(until: "the others are used") { found in
            found.servers.map(\.state) == [.unresolved, .used, .used]
        }
        await trusted.stop()
        for server in servers { server.stop() }
    }

    @Test("time on servers", arguments: TimeLaw.applicable(to: TrustedTimeHarness()))
    func laws(_ law: TimeLaw) async throws {
        try await law.check(TrustedTimeHarness())
    }
}

/// The laws' clocks: three servers, one of which is half a minute behind the machine's clock.
final class TrustedTimeHarness: TimeHarness {
    private let made = Mutex<[(TrustedClock, [TimeServer])]>([])

    var capabilities: Capabilities { Capabilities() }

    func make() async throws -> any TimeEffects {
        let servers = try [Duration.milliseconds(60), .seconds(-30), .milliseconds(60)]
            .map { error in
                try TimeServer(.time(error: error))
            }
        let trusted = try TrustedClock(
            try servers.map { try $0.name },
            poll: .milliseconds(50),
            burst: .milliseconds(20)
        )
        made.withLock { $0.append((trusted, servers)) }
        return trusted.time
    }

    func letTimePass(_ duration: Duration, on time: any TimeEffects) async throws {}

    func finish() async {
        for (trusted, servers) in made.withLock({ $0 }) {
            await trusted.stop()
            for server in servers { server.stop() }
        }
    }
}
