internal import AuraEffects

/// A call that a replayed application asked for.
struct AskedCall {
    let key: Recording.Key
    /// The arguments as a recording spells them; empty where there are none.
    let arguments: [UInt8]

    init(_ call: EffectCall, instance: String) {
        key = Recording.Key(
            call: call.operation.key,
            instance: instance,
            resource: call.resource,
            task: EffectScope.currentPath
        )
        let encoding = ValueEncoding()
        if !call.arguments.isEmpty { CallLine(encoding).appendArguments(call.arguments) }
        arguments = encoding.bytes
    }
}

/// What is said of a call that the recording does not answer: both sides, and what to do.
struct Divergence {
    private static let mostShown = 3
    private static let longestText = 400

    let text: String

    /// Compares both sides.
    ///
    /// - Parameters:
    ///   - asked: The call that was asked for.
    ///   - recorded: The recorded calls of its key that are left.
    ///   - others: The recorded calls of the same operation and resource, of whatever task.
    ///   - recording: The recording.
    init(_ asked: AskedCall, recorded: [Recording.Call], _ others: [Recording.Call], _ recording: Recording) {
        var lines = ["The application asked for a call that the recording '\(recording.path)' does not answer."]
        lines.append("  asked:    \(asked.key) \(Self.shown(asked.arguments))")
        if let first = recorded.first {
            for call in recorded.prefix(Self.mostShown) {
                let arguments = Self.shown(recording.bytes[call.arguments])
                lines.append("  recorded: line \(call.line): \(call.key) \(arguments)")
            }
            let more = recorded.count - Self.mostShown
            if more > 0 { lines.append("            and \(more) more") }
            let names = Self.differences(asked.arguments, Array(recording.bytes[first.arguments]))
            if !names.isEmpty { lines.append("  different from line \(first.line): \(names.joined(separator: ", "))") }
        } else {
            lines.append("  recorded: no more calls of it; \(recording.endingText)")
            let elsewhere = others.filter { $0.key != asked.key }
            for call in elsewhere.prefix(Self.mostShown) {
                let arguments = Self.shown(recording.bytes[call.arguments])
                lines.append("  similar:  line \(call.line): \(call.key) \(arguments)")
            }
        }
        lines.append(
            "Look for what changed: the application, its arguments, or what it reads outside its effects. Where tasks that "
                + "run side by side make the same calls, name them, or put each into withEffectScope. If the change is "
                + "wanted, record anew."
        )
        text = lines.joined(separator: "\n")
    }

    private static func shown(_ arguments: some Collection<UInt8>) -> String {
        if arguments.isEmpty { return "" }
        let text = String(decoding: arguments.prefix(longestText), as: UTF8.self)
        return arguments.count > longestText ? "with \(text)…" : "with \(text)"
    }

    /// The names of the arguments that differ.
    private static func differences(_ left: [UInt8], _ right: [UInt8]) -> [String] {
        guard case .object(let left) = try? JSONParser.parse(left),
            case .object(let right) = try? JSONParser.parse(right)
        else { return [] }
        return Set(left.keys).union(right.keys).filter { left[$0] != right[$0] }.sorted()
    }
}

extension Recording.Key: CustomStringConvertible {
    /// Whether both are of the same operation and resource.
    func isLike(_ other: Recording.Key) -> Bool {
        call == other.call && instance == other.instance && resource == other.resource
    }

    var description: String {
        var text = call
        if !instance.isEmpty { text += " of '\(instance)'" }
        if !resource.isEmpty { text += " on '\(resource)'" }
        if !task.isEmpty { text += " in '\(task)'" }
        return text
    }
}
