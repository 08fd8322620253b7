internal import AuraEffects
internal import AuraMemory
internal import AuraRuntime

/// Runs the functions of a simulated cloud in the cloud itself: the end of a caller's process ends none of them.
final class FunctionRunner: Sendable {
    private struct Job: Sendable {
        var function: AuraEffects.FunctionName
        var payload: [UInt8]
        var answer: AsyncStream<Result<FunctionAnswer, EffectError>>.Continuation
    }

    private let functions: MemoryFunctionHandler
    private let jobs: AsyncStream<Job>.Continuation
    private let owner = TaskOwner()

    init(_ functions: MemoryFunctions) {
        let handler = MemoryFunctionHandler(functions)
        let (waiting, jobs) = AsyncStream<Job>.makeStream()
        self.functions = handler
        self.jobs = jobs
        owner.start { await Self.run(waiting, on: handler) }
    }

    /// Runs a function and waits for its answer.
    func invoke(
        _ function: AuraEffects.FunctionName,
        _ payload: [UInt8],
        _ errors: HandlerErrors
    ) async throws(EffectError) -> FunctionAnswer {
        let (answers, answer) = AsyncStream<Result<FunctionAnswer, EffectError>>.makeStream()
        if case .terminated = jobs.yield(Job(function: function, payload: payload, answer: answer)) {
            throw errors.stopped(in: "invoke")
        }
        for await result in answers { return try result.get() }
        let message = "The task was cancelled while the function ran."
        throw errors.error(.cancelled, in: "invoke", message, outcome: .unknown)
    }

    /// Has a function run without waiting for it.
    func invokeAsync(_ function: AuraEffects.FunctionName, _ payload: [UInt8]) async throws(EffectError) {
        try await functions.invokeAsync(function, payload)
    }

    /// Takes no more functions, and waits until those that were begun have run.
    func stop() async {
        jobs.finish()
        await owner.wait()
        await functions.stop()
    }

    private static func run(_ waiting: AsyncStream<Job>, on functions: MemoryFunctionHandler) async {
        await withDiscardingTaskGroup { group in
            for await job in waiting {
                group.addTask {
                    let result: Result<FunctionAnswer, EffectError>
                    do throws(EffectError) {
                        result = .success(try await functions.invoke(job.function, job.payload))
                    } catch {
                        result = .failure(error)
                    }
                    job.answer.yield(result)
                    job.answer.finish()
                }
            }
        }
    }
}
