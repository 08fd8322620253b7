#if Generator
internal import SwiftSyntax

extension EffectReader {
    /// Names that the generated methods use themselves.
    private static let taken: Set = ["base", "interceptors", "call", "perform", "start", "answer", "error"]

    /// Reads a parameter of a method.
    mutating func readParameter(
        _ parameter: FunctionParameterSyntax,
        of method: String
    ) -> EffectRequirement.Parameter? {
        let token = parameter.secondName ?? parameter.firstName
        guard token.tokenKind != .wildcard else {
            add(
                "unnamed-parameter",
                at: parameter,
                "A parameter of '\(method)' has no name: interceptors and recordings call it by one.",
                fix: "call it 'value'",
                parameter.secondName.map { .replace($0, with: "value") }
                    ?? .insert(" value", after: parameter.firstName)
            )
            return nil
        }
        if let ellipsis = parameter.ellipsis {
            add(
                "variadic",
                at: parameter,
                "'\(method)' takes any number of arguments, which cannot be passed on: make the parameter an array.",
                fix: "make it an array",
                TextEdit(
                    range: parameter.type.positionAfterSkippingLeadingTrivia..<ellipsis.endPositionBeforeTrailingTrivia,
                    text: "[\(parameter.type.trimmedDescription)]",
                    anchor: Syntax(parameter)
                )
            )
        }
        refuseSpecifiers(parameter.type, of: method)
        refuseClosure(parameter.type, of: method)
        refuseType(parameter.type, of: method)
        let name = token.identifier?.name ?? token.text
        return EffectRequirement.Parameter(
            label: parameter.firstName.tokenKind == .wildcard ? nil : parameter.firstName.text,
            name: name,
            local: Self.taken.contains(name) ? "\(name)Argument" : token.text,
            type: parameter.type.trimmedDescription
        )
    }

    private mutating func refuseSpecifiers(_ type: TypeSyntax, of method: String) {
        guard let attributed = type.as(AttributedTypeSyntax.self), !attributed.specifiers.isEmpty else { return }
        let spelled = attributed.specifiers.trimmedDescription
        add(
            "specifier",
            at: attributed.specifiers,
            "A parameter of '\(method)' is '\(spelled)': an argument is a Sendable value that may be passed on several times.",
            fix: "remove '\(spelled)'",
            .remove(attributed.specifiers)
        )
    }

    private mutating func refuseClosure(_ type: TypeSyntax, of method: String) {
        var attributes: [AttributeSyntax] = []
        var base = type
        while true {
            if let attributed = base.as(AttributedTypeSyntax.self) {
                attributes += attributed.attributes.compactMap { $0.as(AttributeSyntax.self) }
                base = attributed.baseType
            } else if let tuple = base.as(TupleTypeSyntax.self), tuple.elements.count == 1,
                let only = tuple.elements.first
            {
                base = only.type
            } else {
                break
            }
        }
        let names = attributes.map(\.attributeName.trimmedDescription)
        let missing = ["escaping", "Sendable"].filter { !names.contains($0) }.map { "@\($0)" }.joined(separator: " ")
        if let index = names.firstIndex(of: "autoclosure") {
            add(
                "autoclosure",
                at: attributes[index],
                "A parameter of '\(method)' is an autoclosure, which cannot be passed on.",
                fix: "write '\(missing)' in place of '@autoclosure'",
                missing.isEmpty ? .remove(attributes[index]) : .replace(attributes[index], with: missing)
            )
            return
        }
        guard base.is(FunctionTypeSyntax.self) else { return }
        guard !missing.isEmpty else { return }
        add(
            "closure",
            at: type,
            "A closure of '\(method)' is not \(missing): interceptors keep the arguments of a call until it has ended.",
            fix: "add '\(missing)'",
            .insert("\(missing) ", before: type)
        )
    }

    /// Refuses types that differ from handler to handler or from call to call.
    mutating func refuseType(_ type: TypeSyntax, of name: String) {
        for token in type.tokens(viewMode: .sourceAccurate) {
            switch token.tokenKind {
            case .keyword(.Self):
                add(
                    "self-type",
                    at: type,
                    "'\(name)' uses 'Self', which is another type for each handler: name the type."
                )
                return
            case .keyword(.some):
                add(
                    "generic",
                    at: type,
                    "'\(name)' cannot be generic: write 'any' in place of 'some'.",
                    fix: "write 'any'",
                    .replace(token, with: "any")
                )
                return
            default: continue
            }
        }
    }
}
#endif
