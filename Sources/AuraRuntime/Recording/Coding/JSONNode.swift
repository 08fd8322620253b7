/// A parsed JSON value; numbers keep their spelling, so that none of 64 bits is rounded.
package indirect enum JSONNode: Sendable, Hashable {
    case null
    case boolean(Bool)
    case number(String)
    case string(String)
    case array([JSONNode])
    case object([String: JSONNode])

    /// What the value is, for messages.
    var kind: String {
        switch self {
        case .null: "null"
        case .boolean: "a boolean"
        case .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}

/// Why bytes are no JSON.
package struct JSONFault: Error, Hashable, CustomStringConvertible {
    /// Where the parser stood, from zero.
    var offset: Int
    var message: String

    package var description: String { "\(message) at byte \(offset)" }
}
