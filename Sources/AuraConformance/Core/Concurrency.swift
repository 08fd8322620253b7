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

/// What several tasks have collected so far.
final class Collected<Element: Sendable>: Sendable {
    private let elements = Mutex<[Element]>([])

    var soFar: [Element] { elements.withLock { $0 } }

    func add(_ element: Element) {
        elements.withLock { $0.append(element) }
    }
}
