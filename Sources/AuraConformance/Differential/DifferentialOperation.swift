internal import AuraEffects

/// What is done to both handlers, as a value.
protocol DifferentialOperation: Sendable, Hashable {
    /// The word for the operation in a summary.
    var name: String { get }

    /// The operation as Swift code.
    var source: String { get }

    /// Operations that do less or say less, the simplest first.
    var simplifications: [Self] { get }

    /// The keys or streams that the operation names.
    var names: [String] { get }

    /// The operation with another name in the place of one.
    func renaming(_ old: String, to new: String) -> Self
}

/// One of the two handlers, and what is needed to compare what it says.
protocol DifferentialSide<Operation>: Actor {
    associatedtype Operation: DifferentialOperation

    /// Carries out an operation; whatever comes of it is an answer.
    func answer(_ operation: Operation) async -> DifferentialAnswer
}

/// The two handlers of one sequence, on fresh data.
struct DifferentialSides<Operation: DifferentialOperation>: Sendable {
    var reference: any DifferentialSide<Operation>
    var subject: any DifferentialSide<Operation>
    var finish: @Sendable () async -> Void
}

/// What a handler said to an operation, in words that are the same for handlers that behave alike.
struct DifferentialAnswer: Sendable, Hashable {
    /// What came.
    var text: String

    /// How it ended, for a summary: `nil` for well.
    var failure: String?

    /// Whether the handler did not answer in time.
    var isMissing = false

    init(_ text: String) {
        self.text = text
    }

    init(_ error: any Error) {
        switch error {
        case let error as EffectError:
            failure = error.code.rawValue
            text = "fails with \(error.code)\(error.outcome == .unknown ? ", outcome unknown" : "")"
        case let error as BrokenExpectation:
            failure = "broken"
            text = error.message
        default:
            failure = "other"
            text = "fails with an error that is no EffectError: \(String(reflecting: error))"
        }
    }

    static func missing(_ error: any Error) -> DifferentialAnswer {
        var answer = DifferentialAnswer(error)
        answer.isMissing = true
        return answer
    }
}
