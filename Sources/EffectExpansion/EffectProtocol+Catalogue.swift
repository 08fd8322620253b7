#if Generator
internal import SwiftParser

extension EffectProtocol {
    /// The operation catalogue.
    var catalogue: String {
        var lines = ["/// The operation catalogue of ``\(name)``."] + availability
        lines.append("\(access)enum \(catalogueName) {")
        for (index, operation) in operations.enumerated() {
            lines.append("    /// `\(effect).\(operation.operation)`.")
            lines.append("    " + operation.element(of: effect, at: index, memberAccess).written(at: 1))
        }
        let all = SourceText.list(
            "\(memberAccess)static let all: [EffectOperation] = [",
            operations.map { .text($0.element) },
            "]"
        )
        lines += ["    /// Every operation, in the order of the protocol.", "    " + all.written(at: 1), "}"]
        return lines.joined(separator: "\n")
    }
}

extension EffectRequirement {
    /// The name of the operation's element of the catalogue.
    var element: String { escaped(operation) }

    fileprivate func element(of effect: String, at index: Int, _ access: String) -> SourceText {
        var arguments = ["effect: \"\(effect)\"", "name: \"\(operation)\"", "index: \(index)"]
        switch form {
        case .property, .synchronous: arguments.append("kind: .synchronous")
        case .call, .foreignCall: break
        }
        switch idempotency {
        case .never: break
        case .always: arguments.append("idempotency: .always")
        case .when: arguments.append("idempotency: .dependsOnArguments")
        }
        if let resource { arguments.append("resource: \"\(resource.name)\"") }
        return .list("\(access)static let \(element) = EffectOperation(", arguments.map { .text($0) }, ")")
    }
}

/// A name as code spells it: in backticks where it is a word of the language.
func escaped(_ name: String) -> String {
    name.isValidSwiftIdentifier(for: .variableName) ? name : "`\(name)`"
}
#endif
