internal import AuraCloud
internal import AuraEffects
internal import AuraRuntime
internal import AuraSystem
internal import Logging
internal import Synchronization

/// Answers requests as a test says, one answer after the other; the last one for every further request.
final class ScriptedHTTP: HTTPEffects {
    enum Answer {
        case status(Int, fields: HTTPFields = [:], body: String = "")
        case failure(EffectError.Code, EffectError.Outcome)
        /// None, until whoever waits for it gives up.
        case silence
    }

    private struct State {
        var answers: [Answer]
        var requests: [HTTPRequest] = []
    }

    private let state: Mutex<State>

    init(_ answers: [Answer]) {
        state = Mutex(State(answers: answers))
    }

    var capabilities: Capabilities { Capabilities() }

    /// What was sent so far.
    var requests: [HTTPRequest] { state.withLock { $0.requests } }

    func send(_ request: HTTPRequest) async throws(EffectError) -> HTTPResponse {
        let answer = state.withLock { state in
            state.requests.append(request)
            return state.answers.count > 1 ? state.answers.removeFirst() : state.answers[0]
        }
        switch answer {
        case .status(let status, let fields, let body):
            return HTTPResponse(status: status, fields: fields, body: ByteStream(Array(body.utf8)))
        case .failure(let code, let outcome):
            throw EffectError(code, "The connection broke.", effect: "http", operation: "send", outcome: outcome)
        case .silence:
            try await SystemTimeHandler().sleep(for: .seconds(60))
            return HTTPResponse(status: 200)
        }
    }

    /// A handler's context that sends by this.
    var context: HandlerContext {
        HandlerContext(
            budget: ResourceBudget(
                memoryLimit: .mebibytes(2048),
                cpuQuota: 1,
                ioQuota: BytesPerSecond(1 << 30)
            ),
            time: SystemTimeHandler(),
            random: SystemRandomHandler(),
            http: self,
            logger: Logger(label: "test")
        )
    }
}

/// A service whose faults are named by a field.
struct ScriptedService: CloudService {
    static let read = EffectOperation(effect: "scripted", name: "Read", index: 0, idempotency: .dependsOnArguments)

    let name = "scripted"
    var operations: [EffectOperation] { [Self.read] }

    func fault(_ response: HTTPResponse, body: [UInt8]) -> ServiceFault {
        let code: EffectError.Code =
            response.status == 503 ? .throttled : response.status < 500 ? .invalidArgument : .unavailable
        return ServiceFault(
            code,
            name: response.fields["x-fault"] ?? "",
            words: String(decoding: body, as: UTF8.self),
            of: response,
            requestID: response.fields["x-request"] ?? "",
            mayHaveApplied: response.status == 500
        )
    }
}

/// Signs by a number that grows, and recovers from faults of a name.
final class ScriptedAuth: AuthProvider {
    let recoversFrom: String?
    private let proofs = Atomic(0)

    init(recoversFrom: String? = nil) {
        self.recoversFrom = recoversFrom
    }

    func authorize(_ request: HTTPRequest) async throws(EffectError) -> HTTPRequest {
        var request = request
        request.fields["x-proof"] = String(proofs.add(1, ordering: .relaxed).newValue)
        return request
    }

    func mayRecover(from fault: ServiceFault, of request: HTTPRequest) async -> Bool {
        fault.name == recoversFrom
    }

    func stop() async {}
}
