#if Generator
extension EffectProtocol {
    /// The handler that fails by name.
    var unimplemented: String {
        var lines = ["/// A ``\(name)`` handler that fails by name."] + availability
        lines.append("\(access)\(typeKeyword) Unimplemented\(name): \(name) {")
        var members: [String] = []
        // Where no access is wanted, the compiler's own initializer will do.
        if !memberAccess.isEmpty {
            members.append("    /// Creates the handler.\n    \(memberAccess)init() {}")
        }
        for operation in operations {
            let (summary, body) = operation.unimplementedBody(effect, catalogueName)
            members.append("    /// \(summary)\n\(operation.signature(memberAccess))\n        \(body)\n    }")
        }
        lines.append(members.joined(separator: "\n\n"))
        return (lines + ["}"]).joined(separator: "\n")
    }
}

extension EffectRequirement {
    fileprivate func unimplementedBody(_ effect: String, _ catalogue: String) -> (summary: String, body: String) {
        switch form {
        case _ where operation == Self.capabilities.operation && result == Self.capabilities.result:
            ("None.", "Capabilities()")
        case .property, .synchronous:
            ("Fails.", "\(catalogue).\(element).unimplemented()")
        case .call:
            ("Fails.", "throw .unimplemented(\"\(effect)\", \"\(operation)\")")
        case .foreignCall:
            ("Fails.", "throw EffectError.unimplemented(\"\(effect)\", \"\(operation)\")")
        }
    }
}
#endif
