internal import AuraEffects

/// Operations as Swift code that replays them.
func swiftSource(of operations: [some DifferentialOperation], call: String) -> String {
    let type = call == "storage" ? "StorageOperation" : "JournalOperation"
    return """
        let operations: [\(type)] = [
        \(operations.map { "    \($0.source),\n" }.joined())]
        try await DifferentialTest.\(call)(replaying: operations, reference: reference, subject: subject)
        """
}

/// A text as a Swift expression of the type `String` with the same bytes, in ASCII.
func swiftSource(of text: String) -> String {
    let scalars = text.unicodeScalars
    if let first = scalars.first, scalars.count > 24, scalars.allSatisfy({ $0 == first }) {
        return "String(repeating: \(swiftSource(of: String(first))), count: \(scalars.count))"
    }
    // The apostrophe needs no backslash.
    return "\"\(scalars.map { $0 == "'" ? "'" : $0.escaped(asASCII: true) }.joined())\""
}

extension StorageKey {
    var source: String { named("StorageKey", text) }
}

extension StreamName {
    var source: String { named("StreamName", text) }
}

extension EntryKind {
    var source: String { named("EntryKind", text) }
}

/// A name as a literal, or made from an expression.
private func named(_ type: String, _ text: String) -> String {
    let source = swiftSource(of: text)
    return source.hasPrefix("\"") ? source : "\(type)(\(source))"
}
