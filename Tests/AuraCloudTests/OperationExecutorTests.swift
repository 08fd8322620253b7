internal import AuraCloud
internal import AuraEffects
internal import AuraRuntime
internal import Synchronization
internal import Testing

@Suite("The executor of requests")
struct OperationExecutorTests {
    private let errors = HandlerErrors(ObjectsEffect.self, handler: "scripted")

    private func call(isIdempotent: Bool = true, changes: Bool = false, isPart: Bool = false) -> CloudCall {
        CloudCall(
            ScriptedService.read,
            resource: "key",
            isIdempotent: isIdempotent,
            changes: changes,
            isPart: isPart,
            errors: errors,
            method: "get"
        )
    }

    private func send(
        _ call: CloudCall,
        _ http: ScriptedHTTP,
        _ config: CloudConfig = CloudConfig(),
        _ auth: ScriptedAuth = ScriptedAuth()
    ) async throws(EffectError) -> HTTPResponse {
        let executor = OperationExecutor(ScriptedService(), config, auth: auth, context: http.context)
        let result: Result<HTTPResponse, EffectError>
        do throws(EffectError) {
            result = .success(
                try await executor.send(call) { () throws(EffectError) in
                    HTTPRequest(.get, HTTPURL(.https, host: "example.com"))
                }
            )
        } catch {
            result = .failure(error)
        }
        await executor.stop()
        return try result.get()
    }

    private let patient = CloudConfig().retryPolicy(.fixed(.milliseconds(1), attempts: 3))

    @Test("an error names the handler, what the service says and its name of the request")
    func faults() async throws {
        let http = ScriptedHTTP([
            .status(400, fields: ["x-fault": "BadName", "x-request": "R-17"], body: "No such name")
        ])
        let error = await #expect(throws: EffectError.self) { try await send(call(), http) }
        #expect(error?.code == .invalidArgument)
        #expect(error?.effect == "objects")
        #expect(error?.operation == "get")
        #expect(error?.handler == "scripted")
        #expect(error?.message == "The service answered 400 BadName: No such name. (request R-17)")
        #expect(error?.outcome == .notApplied)
    }

    @Test("a failure that may pass is tried again under the policy, with a proof of its own each time")
    func retries() async throws {
        let http = ScriptedHTTP([
            .status(503), .failure(.unavailable, .unknown), .status(200),
        ])
        #expect(try await send(call(), http, patient).status == 200)
        #expect(http.requests.map { $0.fields["x-proof"] } == ["1", "2", "3"])
    }

    @Test("a change that cannot be repeated is not, and a lost answer leaves its outcome unknown")
    func changes() async throws {
        let http = ScriptedHTTP([.failure(.unavailable, .unknown)])
        let change = call(isIdempotent: false, changes: true)
        let error = await #expect(throws: EffectError.self) { try await send(change, http, patient) }
        #expect(error?.outcome == .unknown)
        #expect(http.requests.count == 1)
        let refusing = ScriptedHTTP([.status(503)])
        let refusal = await #expect(throws: EffectError.self) { try await send(change, refusing, patient) }
        #expect(refusal?.outcome == .notApplied)
    }

    @Test("a part of a larger call is repeated where calls as a whole are not")
    func parts() async throws {
        let answers: [ScriptedHTTP.Answer] = [.status(503), .status(200)]
        #expect(try await send(call(isPart: true), ScriptedHTTP(answers)).status == 200)
        await #expect(throws: EffectError.self) { try await send(call(), ScriptedHTTP(answers)) }
    }

    @Test("the service's wish to wait is heeded")
    func retryAfter() async throws {
        let http = ScriptedHTTP([.status(503, fields: ["retry-after": "1"]), .status(200)])
        let clock = ContinuousClock()
        let duration = try await clock.measure { _ = try await send(call(), http, patient) }
        #expect(duration >= .seconds(1))
        let dated = ScriptedHTTP([
            .status(
                503,
                fields: ["date": "Sun, 06 Nov 1994 08:49:37 GMT", "retry-after": "Sun, 06 Nov 1994 08:50:07 GMT"]
            )
        ])
        let error = await #expect(throws: EffectError.self) { try await send(call(), dated) }
        #expect(error?.retryAfter == .seconds(30))
    }

    @Test("a refused proof is made anew once, without a repetition of the policy")
    func recovery() async throws {
        let refusal = ScriptedHTTP.Answer.status(403, fields: ["x-fault": "Expired"])
        let auth = ScriptedAuth(recoversFrom: "Expired")
        let http = ScriptedHTTP([refusal, .status(200)])
        #expect(try await send(call(isIdempotent: false, changes: true), http, CloudConfig(), auth).status == 200)
        let refusing = ScriptedHTTP([refusal])
        await #expect(throws: EffectError.self) { try await send(call(), refusing, CloudConfig(), auth) }
        #expect(refusing.requests.count == 2)
    }

    @Test("a request is given up at its deadline")
    func deadline() async throws {
        let http = ScriptedHTTP([.silence])
        let config = CloudConfig().timeout(.milliseconds(50))
        let error = await #expect(throws: EffectError.self) { try await send(call(), http, config) }
        #expect(error?.code == .deadlineExceeded)
        #expect(error?.effect == "objects")
    }

    @Test("a collector is told of each request")
    func metrics() async throws {
        final class Collector: MetricsCollector {
            let name = "collector"
            let seen = Mutex<[String]>([])
            let measuresTime = true
            func began(_ call: EffectCall) { seen.withLock { $0.append("\(call.operation.key) \(call.resource)") } }
            func ended(_ call: EffectCall, after duration: Duration, with error: EffectError?) {
                seen.withLock { $0.append("\(call.operation.key) \(error?.code.rawValue ?? "ok")") }
            }
        }
        let collector = Collector()
        let http = ScriptedHTTP([.status(200)])
        _ = try await send(call(), http, CloudConfig().metricsCollector(collector))
        #expect(collector.seen.withLock { $0 } == ["scripted.Read key", "scripted.Read ok"])
    }
}
