internal import AuraEffects

/// What `profile explain` says of what surrounds a handler.
struct InterceptionExplanation {
    private let names: [String]
    /// The operations that have a policy, with its parts.
    private let policies: [(operation: EffectOperation, lines: [PolicySettings.Line])]

    init(of handler: ResolvedHandler, in interception: Interception) {
        let operations = handler.declaration.operations
        names = interception.names(for: handler.effect, operations)
        policies = operations.map { ($0, interception.policy.lines(for: $0)) }.filter { !$0.lines.isEmpty }
    }

    /// Who surrounds the handler, from the outside in, and the policies; operations of one policy share its lines.
    var text: [String] {
        var lines = names.isEmpty ? [] : ["  surrounded by: \(names.joined(separator: ", "))"]
        var shown: [(names: [String], lines: [PolicySettings.Line])] = []
        for policy in policies {
            if let index = shown.firstIndex(where: { $0.lines == policy.lines }) {
                shown[index].names.append(policy.operation.name)
            } else {
                shown.append(([policy.operation.name], policy.lines))
            }
        }
        for group in shown {
            lines.append("  policy of \(group.names.joined(separator: ", ")):")
            lines += TextTable.rows(
                group.lines.map { ["  \($0.key)", $0.value, $0.place?.description ?? "the application"] }
            )
        }
        return lines
    }

    var members: [(String, JSONValue)] {
        [
            ("surroundedBy", .array(names.map(JSONValue.string))),
            (
                "policies",
                .array(
                    policies.map { policy in
                        [
                            "operation": .string(policy.operation.name),
                            "parts": .array(policy.lines.map(\.json)),
                        ]
                    }
                )
            ),
        ]
    }
}
