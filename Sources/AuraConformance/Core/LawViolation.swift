internal import AuraEffects

/// Says which law a handler breaks, and how.
public struct LawViolation: Error, Sendable, CustomStringConvertible {
    /// The law's name.
    public let law: String

    /// What was expected and what came instead.
    public let message: String

    /// The file of the suite that looked, as `#fileID` spells it; empty where the law failed by an error.
    public let fileID: String

    /// The line in that file; zero where the law failed by an error.
    public let line: Int

    /// The law, what is wrong, and where the suite looked.
    public var description: String {
        let place = fileID.isEmpty ? "" : " (\(fileID):\(line))"
        return "The law '\(law)' does not hold: \(message)\(place)"
    }

    init(law: String, _ error: any Error) {
        self.law = law
        switch error {
        case let broken as BrokenExpectation:
            message = broken.message
            fileID = broken.fileID
            line = broken.line
        case let error as EffectError:
            message = "an unexpected error: \(error.debugDescription)"
            fileID = ""
            line = 0
        default:
            message = "an unexpected error that is no EffectError: \(String(reflecting: error))"
            fileID = ""
            line = 0
        }
    }
}

/// What a failed expectation throws; ``Law/check(_:patience:)`` makes a ``LawViolation`` of it.
struct BrokenExpectation: Error {
    var message: String
    var fileID: String
    var line: Int
}
