internal import AuraEffects

/// Counts what is under way.
final class Gauge: Sendable {
    private let count = Mutexed(0)

    /// Runs `body`, which is given how many ran when it was called or run by now: where tasks take turns, others that began
    /// before it may have ended.
    func whileCounted<Value>(
        _ body: (_ running: Int) async throws(EffectError) -> Value
    ) async throws(EffectError) -> Value {
        let begun = count.withLock { count in
            count += 1
            return count
        }
        defer { count.withLock { $0 -= 1 } }
        for _ in 0..<4 { await Task.yield() }
        return try await body(max(begun, count.current))
    }

    /// How often this was called, this time included.
    func next() -> Int {
        count.withLock { count in
            count += 1
            return count
        }
    }
}

/// Lets one task after the other go on.
final class Turns: Sendable {
    private let isTaken = Mutexed(false)

    func inTurn<Value>(_ body: () async throws(EffectError) -> Value) async throws(EffectError) -> Value {
        while isTaken.withLock({ isTaken in
            defer { isTaken = true }
            return isTaken
        }) {
            await Task.yield()
        }
        defer { isTaken.withLock { $0 = false } }
        return try await body()
    }
}

/// Carries an operation out to its end although the task that waits for it is cancelled.
func heedless<Value: Sendable>(
    _ body: @escaping @Sendable () async throws(EffectError) -> Value
) async throws(EffectError) -> Value {
    let task = Task { () async -> Result<Value, EffectError> in
        do throws(EffectError) {
            return .success(try await body())
        } catch {
            return .failure(error)
        }
    }
    return try await task.value.get()
}
