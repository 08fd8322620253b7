internal import AuraConformance
internal import AuraEffects
internal import AuraMemory
internal import AuraSimulation
internal import AuraSystem
internal import Synchronization
internal import Testing

@Suite("HTTP over a simulated network")
struct SimulatedHTTPTests {
    @Test("the laws hold where nothing goes wrong", arguments: HTTPLaw.applicable(to: SimulatedHTTPHarness()))
    func laws(_ law: HTTPLaw) async throws {
        try await law.check(SimulatedHTTPHarness())
    }

    private func run(seed: UInt64) async -> (endings: [String], counters: HTTPCounters, carriedOut: Int) {
        let count = CallCount()
        let servers = MemoryHTTPServers()
        servers.register("http://a.example") { _ in
            count.add()
            return HTTPResponse(status: 200, body: ByteStream(Array(repeating: 1, count: 200_000)))
        }
        var conditions = HTTPConditions.rough
        conditions.latency = .zero
        conditions.jitter = .zero
        let http = SimulatedHTTPHandler(
            MemoryHTTPHandler(servers),
            time: SystemTimeHandler(),
            seed: seed,
            conditions: conditions
        )
        var endings: [String] = []
        for _ in 0..<1000 {
            do throws(EffectError) {
                let answer = try await http.send(HTTPRequest(.put, HTTPURL(.http, host: "a.example")))
                let byteCount = try await answer.body.bytes(atMost: .max).count
                endings.append("\(answer.status) \(byteCount)")
            } catch {
                endings.append("\(error.code) \(error.outcome)")
            }
        }
        return (endings, http.counters, count.value)
    }

    @Test("the same seed gives the same faults, each of them and within the contract")
    func seeds() async {
        let first = await run(seed: 7)
        let again = await run(seed: 7)
        let other = await run(seed: 8)
        #expect(first.endings == again.endings)
        #expect(first.endings != other.endings)
        let counters = first.counters
        for count in [
            counters.refused, counters.resetRequests, counters.resetAnswers, counters.throttled, counters.failed,
            counters.brokenBodies,
        ] {
            #expect(count > 0)
        }
        func count(_ ending: String) -> Int { first.endings.count { $0 == ending } }
        #expect(count("unavailable notApplied") == counters.refused)
        #expect(count("unavailable unknown") == counters.resetRequests + counters.resetAnswers + counters.brokenBodies)
        #expect(count("429 0") + count("503 0") == counters.throttled)
        #expect(count("500 0") + count("502 0") == counters.failed)
        #expect(first.carriedOut == count("200 200000") + counters.resetAnswers + counters.brokenBodies)
    }
}

private final class CallCount: Sendable {
    private let count = Mutex(0)

    var value: Int { count.withLock { $0 } }

    func add() { count.withLock { $0 += 1 } }
}

final class SimulatedHTTPHarness: HTTPHarness {
    let server = HTTPURL(.http, host: "law.example", path: "/law/")
    let nobody = HTTPURL(.http, host: "nobody.example")

    var capabilities: Capabilities { MemoryHTTPHandler.capabilities }

    func make() async throws -> any HTTPEffects {
        let servers = MemoryHTTPServers()
        let laws = HTTPLawServer(at: server.path)
        servers.register(server.description) { try await laws.answer($0) }
        return SimulatedHTTPHandler(MemoryHTTPHandler(servers), time: SystemTimeHandler(), seed: 1)
    }

    func finish() async {}
}
