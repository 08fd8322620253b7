#if Generator
internal import SwiftDiagnostics
internal import SwiftParser
internal import SwiftSyntax

/// What `@Operation(…)` says of a requirement.
struct OperationAttribute {
    /// The attribute's text.
    var source: FoundAttribute
    /// When a repeated call has the effect of a single one.
    var idempotency = EffectRequirement.Idempotency.never
    /// Where the arguments serve for another attempt; `nil` for always.
    var repeatable: String?
    /// The parameter that names what a call is about.
    var resource: StringArgument?
    /// The operation's name in the catalogue.
    var name: StringArgument?
    /// What is wrong with it.
    var diagnostics: [Diagnostic] = []

    /// A string literal.
    struct StringArgument {
        var value: String
        var expression: ExprSyntax
    }

    /// Reads an attribute.
    init(_ source: FoundAttribute) {
        self.source = source
        if source.syntax.hasError {
            refuse("operation-syntax", source.syntax, "'@Operation' does not parse: check its parentheses and quotes.")
            return
        }
        for (label, expression) in source.arguments {
            switch label {
            case "": readIdempotency(expression)
            case "repeatable": repeatable = readCondition(expression, of: "repeatable")
            case "resource": resource = text(expression, of: "resource")
            case "name": name = readName(expression)
            default:
                refuse(
                    "operation-argument",
                    expression,
                    "'@Operation' has no argument '\(label)': it takes '.idempotent', 'repeatable', 'resource' and 'name'."
                )
            }
        }
    }

    private mutating func readIdempotency(_ expression: ExprSyntax) {
        if let member = expression.as(MemberAccessExprSyntax.self) {
            switch member.declName.baseName.text {
            case "idempotent": idempotency = .always
            case "never": break
            default: refuseIdempotency(expression)
            }
            return
        }
        guard let call = expression.as(FunctionCallExprSyntax.self),
            call.calledExpression.as(MemberAccessExprSyntax.self)?.declName.baseName.text == "idempotent",
            call.arguments.count == 1, let argument = call.arguments.first, argument.label?.text == "when"
        else { return refuseIdempotency(expression) }
        guard let condition = readCondition(argument.expression, of: "when") else { return }
        idempotency = .when(condition)
    }

    private mutating func readCondition(_ expression: ExprSyntax, of label: String) -> String? {
        guard let condition = text(expression, of: label) else { return nil }
        var parser = Parser(condition.value)
        let parsed = ExprSyntax.parse(from: &parser)
        guard !parsed.hasError, !condition.value.allSatisfy(\.isWhitespace) else {
            refuse(
                "operation-when",
                condition.expression,
                "'\(condition.value)' is not an expression: write one of the parameters, such as \"precondition == .none\"."
            )
            return nil
        }
        return condition.value
    }

    private mutating func refuseIdempotency(_ expression: ExprSyntax) {
        diagnostics.append(
            .problem(
                "operation-idempotency",
                at: source.place(expression),
                "'\(expression.trimmedDescription)' does not say when the operation is idempotent: "
                    + "write '.idempotent' or '.idempotent(when: \"…\")', or leave it out.",
                fix: "write '.idempotent'",
                source.replace(expression, with: ".idempotent")
            )
        )
    }

    private mutating func readName(_ expression: ExprSyntax) -> StringArgument? {
        guard let name = text(expression, of: "name") else { return nil }
        guard name.value.isValidSwiftIdentifier(for: .memberAccess), name.value != "all" else {
            refuse(
                "operation-name",
                expression,
                "'\(name.value)' cannot be an operation's name: it becomes a constant of the catalogue, "
                    + "beside the constant 'all'."
            )
            return nil
        }
        return name
    }

    private mutating func text(_ expression: ExprSyntax, of label: String) -> StringArgument? {
        guard let value = expression.as(StringLiteralExprSyntax.self)?.representedLiteralValue else {
            refuse("operation-literal", expression, "'\(label)' takes a string literal without interpolation.")
            return nil
        }
        return StringArgument(value: value, expression: expression)
    }

    private mutating func refuse(_ id: String, _ node: some SyntaxProtocol, _ message: String) {
        diagnostics.append(.problem(id, at: source.place(node), message))
    }
}
#endif
