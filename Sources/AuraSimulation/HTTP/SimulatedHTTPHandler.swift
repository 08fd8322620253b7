public import AuraEffects
internal import AuraMemory
internal import AuraRuntime
internal import Synchronization

/// HTTP over a network that is slow and fails as a seed says, to the servers of another handler, usually
/// `MemoryHTTPHandler`.
///
/// Whatever happens, the contract of HTTP holds. The same seed and the same requests in the same order give the same faults.
///
/// ```swift
/// let http = SimulatedHTTPHandler(MemoryHTTPHandler(servers), time: time, seed: 7, conditions: .rough)
/// ```
public final class SimulatedHTTPHandler: HTTPEffects {
    /// The handler's name in errors.
    public static let technology = "simulated"

    private enum Fate {
        case answered(breaksOff: Bool)
        case refused
        case resetRequest
        case resetAnswer
        case status(Int)
    }

    private struct State {
        var conditions: HTTPConditions
        var generator: SplitMix64
        var counters = HTTPCounters()
    }

    private static let errors = HandlerErrors(HTTPEffect.self, handler: technology)

    private let base: any HTTPEffects
    private let time: any TimeEffects
    private let validation = RequestValidation(errors: errors)
    private let state: Mutex<State>

    /// Creates a handler.
    ///
    /// - Parameters:
    ///   - base: Reaches the servers.
    ///   - time: The clock that latencies pass on.
    ///   - seed: What latencies and failures are drawn from.
    ///   - conditions: How the servers answer at first.
    public init(
        _ base: any HTTPEffects,
        time: any TimeEffects,
        seed: UInt64,
        conditions: HTTPConditions = HTTPConditions()
    ) {
        self.base = base
        self.time = time
        state = Mutex(State(conditions: conditions, generator: SplitMix64(state: seed)))
    }

    /// What the handler that reaches the servers can do.
    public var capabilities: Capabilities { base.capabilities }

    /// How the servers answer.
    public var conditions: HTTPConditions {
        get { state.withLock { $0.conditions } }
        set { state.withLock { $0.conditions = newValue } }
    }

    /// What it has done so far.
    public var counters: HTTPCounters { state.withLock { $0.counters } }

    /// Sends a request, or not.
    public func send(_ request: HTTPRequest) async throws(EffectError) -> HTTPResponse {
        try validation.check(request, in: "send")
        try Self.errors.checkCancellation(in: "send")
        let (fate, latency) = draw()
        if case .refused = fate {
            try await wait(latency, .notApplied)
            throw Self.broken(request, "no server answers; try again.", .notApplied)
        }
        try await wait(latency / 2, .unknown)
        switch fate {
        case .status(let status):
            try await wait(latency / 2, .unknown)
            let fields: HTTPFields = status == 429 || status == 503 ? ["retry-after": "1"] : [:]
            return HTTPResponse(status: status, fields: fields)
        case .resetRequest: throw Self.broken(request, "the connection was reset.", .unknown)
        case .answered, .resetAnswer, .refused: break
        }
        var response = try await base.send(request)
        try await wait(latency / 2, .unknown)
        if case .resetAnswer = fate {
            throw Self.broken(request, "the connection was reset before the answer came.", .unknown)
        }
        if case .answered(breaksOff: true) = fate { response.body = Self.breakingOff(response.body, of: request) }
        return response
    }

    private func draw() -> (Fate, Duration) {
        state.withLock { state in
            let conditions = state.conditions
            state.counters.requests += 1
            let latency = conditions.latency + .drawn(below: conditions.jitter, &state.generator)
            func happens(_ probability: Double, _ counter: WritableKeyPath<HTTPCounters, Int>) -> Bool {
                guard state.generator.happens(probability) else { return false }
                state.counters[keyPath: counter] += 1
                return true
            }
            if happens(conditions.refused, \.refused) { return (.refused, latency) }
            if happens(conditions.resetRequests, \.resetRequests) { return (.resetRequest, latency) }
            if happens(conditions.resetAnswers, \.resetAnswers) { return (.resetAnswer, latency) }
            if happens(conditions.throttled, \.throttled) {
                return (.status(state.generator.happens(0.5) ? 429 : 503), latency)
            }
            if happens(conditions.failed, \.failed) {
                return (.status(state.generator.happens(0.5) ? 500 : 502), latency)
            }
            return (.answered(breaksOff: happens(conditions.brokenBodies, \.brokenBodies)), latency)
        }
    }

    private func wait(_ duration: Duration, _ outcome: EffectError.Outcome) async throws(EffectError) {
        guard duration > .zero else { return }
        do throws(EffectError) {
            try await time.sleep(for: duration)
        } catch {
            let message = "The task was cancelled before the answer came."
            throw Self.errors.error(.cancelled, in: "send", message, outcome: outcome)
        }
    }

    private static func broken(
        _ request: HTTPRequest,
        _ reason: String,
        _ outcome: EffectError.Outcome
    ) -> EffectError {
        errors.error(.unavailable, in: "send", "\(request): \(reason)", outcome: outcome)
    }

    /// The body's first chunk, and then its breaking off.
    private static func breakingOff(_ body: ByteStream, of request: HTTPRequest) -> ByteStream {
        let first = FirstChunk(body)
        return ByteStream(byteCount: body.byteCount) { offset throws(EffectError) in
            if offset == 0, let chunk = try await first.take() { return chunk }
            throw broken(request, "the connection was reset before the body had come.", .unknown)
        }
    }
}

/// Lends the first chunk of a body once.
private actor FirstChunk {
    private var body: ByteStream?

    init(_ body: ByteStream) {
        self.body = body
    }

    func take() async throws(EffectError) -> [UInt8]? {
        guard let body else { return nil }
        self.body = nil
        var iterator = body.makeAsyncIterator()
        return try await iterator.next()
    }
}
