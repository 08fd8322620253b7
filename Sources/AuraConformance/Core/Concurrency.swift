internal import Synchronization

/// Runs `count` tasks at once and returns their results in the order of their numbers.
func concurrently<Value: Sendable>(
    _ count: Int,
    _ body: @escaping @Sendable (Int) async throws -> Value
) async throws -> [Value] {
    try await withThrowingTaskGroup(of: (Int, Value).self) { group in
        for number in 0..<count {
            group.addTask { (number, try await body(number)) }
        }
        var values: [Int: Value] = [:]
        for try await (number, value) in group { values[number] = value }
        return try (0..<count).map { try require(values[$0], "the result of task \($0)") }
    }
}

/// Begins a task that has come to its first wait on return, where the system can do that: what follows finds it there.
func begun<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) -> Task<Value, any Error> {
    if #available(macOS 26, iOS 26, tvOS 26, watchOS 26, visionOS 26, *) {
        Task.immediate { try await body() }
    } else {
        Task { try await body() }
    }
}

/// How a call ended that is allowed to fail.
func outcome<Value: Sendable>(
    of body: () async throws -> Value
) async -> Result<Value, any Error> {
    do {
        return .success(try await body())
    } catch {
        return .failure(error)
    }
}

/// Cancels about half of the tasks at different moments.
///
/// - Returns: How each of them ended.
func cancellingSome<Value: Sendable>(
    of tasks: [Task<Value, any Error>],
    seed: UInt64
) async throws -> [Result<Value, any Error>] {
    var generator = SeededGenerator(seed: seed)
    for task in tasks.shuffled(using: &generator).prefix(tasks.count / 2) {
        if generator.happens(0.2) { await Task.yield() }
        task.cancel()
    }
    var endings: [Result<Value, any Error>] = []
    for (number, task) in tasks.enumerated() {
        endings.append(try await within(Patience.step, "the end of task \(number)") { await task.result })
    }
    return endings
}

/// What several tasks have collected so far.
final class Collected<Element: Sendable>: Sendable {
    private let elements = Mutex<[Element]>([])

    var soFar: [Element] { elements.withLock { $0 } }

    func add(_ element: Element) {
        elements.withLock { $0.append(element) }
    }
}
