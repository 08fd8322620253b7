#if AWS
internal import AuraCloud
internal import AuraEffects
internal import AuraRuntime
internal import Testing

@testable internal import AuraAWS

@Suite("Lambda by a server that answers as its reference says", .serialized)
struct LambdaTests {
    private let services: TestServices

    init() throws {
        let server = try Self.server.get()
        try server.set([StoreServer.Fault]())
        services = try TestServices(server)
    }

    /// One server for these tests, which ask it for faults one after the other.
    private static let server = Result { try StoreServer() }

    private let retrying = TestServices.plain.retryPolicy(.fixed(.milliseconds(5), attempts: 3))

    @Test("what is no JSON is wrapped, and what looks wrapped is wrapped again")
    func payloads() {
        let json = Array(#"{"a":[1,2.5e3,"é"]}"#.utf8)
        #expect(LambdaPayload.wrap(json) == json)
        #expect(LambdaPayload.wrap([0]) == Array(#"{"aura.base64":"AA=="}"#.utf8))
        let wrapped = LambdaPayload.wrap([])
        #expect(wrapped == Array(#"{"aura.base64":""}"#.utf8))
        #expect(LambdaPayload.wrap(wrapped) != wrapped)
        for bytes in [json, [0], [], wrapped] { #expect(LambdaPayload.unwrap(LambdaPayload.wrap(bytes)) == bytes) }
    }

    @Test("the largest payload that is declared fits what Lambda takes")
    func largest() async throws {
        let functions = try await services.functions()
        let most = functions.capabilities.limit(.asyncPayloadBytes)
        try await functions.invokeAsync("noting-largest", [UInt8](repeating: 0xFF, count: most))
        #expect(LambdaPayload.wrap([UInt8](repeating: 0xFF, count: most)).count > 261_000)
        await functions.stop()
        await services.close()
    }

    @Test("a version or alias runs, and says what it logged")
    func qualifiers() async throws {
        let functions = try await services.functions(qualifier: "live")
        let lambda = LambdaFunctions(handler: functions)
        let answer = try await lambda.invoke("echo-a", Array("1".utf8), withLog: true)
        #expect(answer.answer == .returned(Array("1".utf8)))
        #expect(answer.version == "1")
        #expect(answer.log?.contains("the log of echo-a") == true)
        let latest = try await lambda.invoke("echo-a", [], qualifier: "$LATEST")
        #expect(latest.version == "$LATEST" && latest.log == nil)
        for (qualifier, code) in [("9", EffectError.Code.notFound), ("a b", .invalidArgument)] {
            let error = await #expect(throws: EffectError.self) {
                _ = try await lambda.invoke("echo-a", [], qualifier: qualifier)
            }
            #expect(error?.code == code)
        }
        await functions.stop()
        await services.close()
    }

    @Test("a function that runs for too long has failed, and Lambda has not")
    func timeouts() async throws {
        let functions = try await services.functions()
        let answer = try await functions.invoke("slow-a", [])
        guard case .failed(let failure) = answer else {
            Issue.record("a function that ran for too long has returned")
            return
        }
        #expect(failure.kind == "Sandbox.Timedout")
        #expect(failure.message.contains("timed out"))
        await functions.stop()
        await services.close()
    }

    @Test("a function whose answer takes longer than the timeout may have run, and is not run again")
    func slowAnswers() async throws {
        let functions = try await services.functions(CloudConfig().timeout(.seconds(1)))
        try services.server.set([.init(match: "invocations", delay: 4)])
        let error = await #expect(throws: EffectError.self) { _ = try await functions.invoke("noting-late", [1]) }
        #expect(error?.code == .deadlineExceeded && error?.outcome == .unknown)
        await functions.stop()
        // The server goes on, and answers who asks next after it has.
        while try services.server.noted(by: "noting-late").isEmpty { try await Task.sleep(for: .milliseconds(50)) }
        #expect(try services.server.noted(by: "noting-late") == [[1]])
        await services.close()
    }

    @Test("a function is not run twice by itself, and the error says whether it has run")
    func faults() async throws {
        let functions = try await services.functions(retrying)
        try services.server.set([.init(match: "invocations", status: 429, code: "TooManyRequestsException")])
        _ = try await functions.invoke("noting-f", [1])
        try services.server.set([.init(match: "invocations", drop: "after")])
        let lost = await #expect(throws: EffectError.self) { _ = try await functions.invoke("noting-f", [2]) }
        #expect(lost?.outcome == .unknown)
        try services.server.set([.init(match: "invocations", status: 500, code: "ServiceException")])
        let broken = await #expect(throws: EffectError.self) { try await functions.invokeAsync("noting-f", [3]) }
        #expect(broken?.code == .unavailable && broken?.outcome == .unknown)
        #expect(try services.server.noted(by: "noting-f") == [[1], [2]])
        await functions.stop()
        await services.close()
    }
}
#endif
