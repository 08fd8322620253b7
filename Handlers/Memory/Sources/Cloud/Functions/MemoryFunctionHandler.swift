public import AuraEffects
internal import AuraRuntime
internal import Synchronization

/// Functions in the same process: the model that other handlers of functions are compared with.
///
/// A function that nobody waits for is run again where it fails, three times in all.
public final class MemoryFunctionHandler: FunctionEffects {
    /// The name in profiles.
    public static let technology = "memory"

    /// What every memory handler of functions declares.
    public static let capabilities = Capabilities(
        [.invokeAsync],
        limits: [
            .requestBytes: ByteCount.mebibytes(6).bytes,
            .asyncPayloadBytes: ByteCount.kibibytes(256).bytes,
        ]
    )

    private struct Invocation: Sendable {
        var body: MemoryFunctions.Body
        var payload: [UInt8]
    }

    private static let mostAttempts = 3

    private let functions: MemoryFunctions
    private let errors = HandlerErrors(FunctionsEffect.self, handler: technology)
    private let invocations: AsyncStream<Invocation>.Continuation
    private let runner = TaskOwner()

    /// Creates a handler.
    ///
    /// - Parameter functions: What it runs.
    public init(_ functions: MemoryFunctions) {
        self.functions = functions
        let (waiting, invocations) = AsyncStream<Invocation>.makeStream()
        self.invocations = invocations
        runner.start { await Self.run(waiting) }
    }

    /// Running without waiting, and the limits of payloads.
    public var capabilities: Capabilities { Self.capabilities }

    /// Runs a function and waits for its answer.
    public func invoke(_ function: FunctionName, _ payload: [UInt8]) async throws(EffectError) -> FunctionAnswer {
        try errors.checkCancellation(in: "invoke")
        let body = try body(of: function, payload, atMost: .requestBytes, in: "invoke")
        let answer = await Self.answer(of: body, to: payload)
        if Task.isCancelled {
            let message = "The task was cancelled while the function ran."
            throw errors.error(.cancelled, in: "invoke", message, outcome: .unknown)
        }
        return answer
    }

    /// Has a function run without waiting for it.
    public func invokeAsync(_ function: FunctionName, _ payload: [UInt8]) async throws(EffectError) {
        try errors.checkCancellation(in: "invokeAsync")
        let body = try body(of: function, payload, atMost: .asyncPayloadBytes, in: "invokeAsync")
        if case .terminated = invocations.yield(Invocation(body: body, payload: payload)) {
            throw errors.stopped(in: "invokeAsync")
        }
    }

    /// Takes no more functions, and waits until those that nobody waits for have run.
    public func stop() async {
        invocations.finish()
        await runner.wait()
    }

    private func body(
        of function: FunctionName,
        _ payload: [UInt8],
        atMost limit: Limit,
        in operation: String
    ) throws(EffectError) -> MemoryFunctions.Body {
        try errors.check(name: function.rawValue, of: "function", atMost: 64, in: operation)
        let most = capabilities.limit(limit)
        guard payload.count <= most else {
            let message = "The payload has \(payload.count) bytes: the most is \(most). Store it, and give its name."
            throw errors.error(.invalidArgument, in: operation, message)
        }
        if let body = functions.body(of: function) { return body }
        let message = "There is no function '\(function)': register it before it is called."
        throw errors.error(.notFound, in: operation, message)
    }

    private static func answer(of body: MemoryFunctions.Body, to payload: [UInt8]) async -> FunctionAnswer {
        do {
            return .returned(try await body(payload))
        } catch {
            return .failed(FunctionFailure(kind: String(describing: type(of: error)), message: "\(error)"))
        }
    }

    private static func run(_ waiting: AsyncStream<Invocation>) async {
        await withDiscardingTaskGroup { group in
            for await invocation in waiting {
                group.addTask {
                    for _ in 0..<mostAttempts {
                        let answer = await answer(of: invocation.body, to: invocation.payload)
                        if case .returned = answer { return }
                    }
                }
            }
        }
    }
}
