/// How long laws wait, in real time.
///
/// This is the one file of the suite that reads a clock of its own and sleeps. A law must fail and not hang when a
/// handler never answers, and the handler's clock is itself under test or may stand still; so its waits are bounded by
/// the machine's.
enum Patience {
    /// For one call or one expected event, also on a busy machine.
    static let step = Duration.seconds(30)
}

/// Runs `body` and gives up on it after `limit`, also where it ignores its cancellation.
func within<Value: Sendable>(
    _ limit: Duration,
    _ what: String,
    fileID: String = #fileID,
    line: Int = #line,
    _ body: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    let (results, continuation) = AsyncThrowingStream<Value, any Error>.makeStream()
    let work = Task {
        do {
            continuation.yield(try await body())
            continuation.finish()
        } catch {
            continuation.finish(throwing: error)
        }
    }
    let timer = Task {
        try await ContinuousClock().sleep(for: limit)
        let message = "\(what) did not come to an end within \(limit)"
        continuation.finish(throwing: BrokenExpectation(message: message, fileID: fileID, line: line))
    }
    defer {
        work.cancel()
        timer.cancel()
    }
    for try await value in results { return value }
    throw CancellationError()
}

/// Lets real time pass, for others to act in.
func pause(_ duration: Duration = .milliseconds(20)) async throws {
    try await ContinuousClock().sleep(for: duration)
}

/// The real time that `body` takes.
func realTime<Value>(of body: () async throws -> Value) async throws -> (value: Value, elapsed: Duration) {
    let start = ContinuousClock.now
    let value = try await body()
    return (value, start.duration(to: .now))
}
