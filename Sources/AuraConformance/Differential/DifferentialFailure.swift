/// Two handlers answered an operation differently.
public struct DifferentialFailure<Operation: Sendable>: Error, Sendable {
    /// The operations that make the difference, on fresh data: as few and as simple as were found.
    public let operations: [Operation]

    /// Which of the operations was answered differently.
    public let index: Int

    /// What the reference answered, in words.
    public let reference: String

    /// What the subject answered, in words.
    public let subject: String

    /// Where the operations come from, and how to repeat the sequence that they were shrunk from.
    public let origin: String

    /// The operations as Swift code that replays them, given two constants `reference` and `subject` that make harnesses.
    public let source: String
}

extension DifferentialFailure: CustomStringConvertible {
    /// What differs, where it comes from, and the Swift code that repeats it.
    public var description: String {
        """
        The handlers answer operation \(index + 1) of \(operations.count) differently.
          reference: \(shortened(reference))
          subject:   \(shortened(subject))
        \(origin)
        To repeat the shrunk one, paste:

        \(source)
        """
    }
}

/// What random sequences asked, and how it was answered: to see whether they reach what matters.
public struct DifferentialSummary: Sendable, Hashable {
    /// How many sequences were compared.
    public internal(set) var sequenceCount = 0

    /// How many operations were answered alike.
    public internal(set) var operationCount = 0

    /// How often each operation was answered well, by its name (`"append"`), or failed (`"append: conflict"`).
    public internal(set) var answers: [String: Int] = [:]

    mutating func add(_ operation: String, _ answer: DifferentialAnswer) {
        operationCount += 1
        answers[answer.failure.map { "\(operation): \($0)" } ?? operation, default: 0] += 1
    }
}

/// A text as a message shows it.
private func shortened(_ text: String) -> String {
    text.utf8.count <= 2000 ? text : "\(text.prefix(2000))…"
}
