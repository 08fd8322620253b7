internal import AuraConformance
internal import AuraEffects
internal import AuraMemory
internal import Testing

@Suite("The laws of HTTP in memory")
struct MemoryHTTPLawTests {
    @Test("memory", arguments: HTTPLaw.applicable(to: MemoryHTTPHarness()))
    func memory(_ law: HTTPLaw) async throws {
        try await law.check(MemoryHTTPHarness())
    }

    @Test("behind an observer and an interceptor", arguments: HTTPLaw.applicable(to: MemoryHTTPHarness()))
    func intercepted(_ law: HTTPLaw) async throws {
        try await law.check(MemoryHTTPHarness(isIntercepted: true))
    }

    @Test("only a limit of fields does not apply to memory")
    func coverage() {
        let unmet = Set(HTTPLaw.all.flatMap { $0.unmetRequirements(of: MemoryHTTPHarness()) })
        #expect(unmet == [.limit(.responseFieldBytes, atMost: 1 << 20)])
    }

    @Test("the longest address answers, and another error than an effect's is answered with 500")
    func routes() async throws {
        struct Defect: Error {}
        let servers = MemoryHTTPServers()
        servers.register("https://a.example") { _ in HTTPResponse(status: 201) }
        servers.register("https://a.example/notes") { _ in HTTPResponse(status: 202) }
        servers.register("https://a.example/broken") { _ in throw Defect() }
        let handler = MemoryHTTPHandler(servers)
        let cases = [("/", 201), ("/notes", 202), ("/notes/7", 202), ("/notes2", 201), ("/broken", 500)]
        for (path, status) in cases {
            let answer = try await handler.send(HTTPRequest(.get, HTTPURL(.https, host: "a.example", path: path)))
            #expect(answer.status == status)
        }
    }
}

final class MemoryHTTPHarness: HTTPHarness {
    let server = HTTPURL(.http, host: "law.example", path: "/law/")
    let nobody = HTTPURL(.http, host: "nobody.example")
    private let isIntercepted: Bool

    init(isIntercepted: Bool = false) {
        self.isIntercepted = isIntercepted
    }

    var capabilities: Capabilities { MemoryHTTPHandler.capabilities }

    func make() async throws -> any HTTPEffects {
        let servers = MemoryHTTPServers()
        let laws = HTTPLawServer(at: server.path)
        servers.register(server.description) { try await laws.answer($0) }
        let handler = MemoryHTTPHandler(servers)
        return isIntercepted ? HTTPEffect.intercepted(handler, by: .passingOn(HTTPEffect.self)) : handler
    }

    func finish() async {}
}
