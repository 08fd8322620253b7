#if Generator
internal import SwiftDiagnostics
internal import SwiftParser
internal import SwiftSyntax

/// Reads an effect protocol and collects what is wrong with it.
struct EffectReader {
    /// What is wrong.
    var diagnostics: [Diagnostic] = []

    /// Whether the protocol is marked in a comment; what a fix-it adds is one then.
    private(set) var marksAreComments = false

    /// The protocol; of use only where ``diagnostics`` stay empty.
    mutating func read(_ declaration: some DeclSyntaxProtocol, marked attribute: FoundAttribute) -> EffectProtocol? {
        guard let declaration = declaration.as(ProtocolDeclSyntax.self) else {
            diagnostics.append(
                .problem(
                    "not-a-protocol",
                    at: attribute.place(attribute.syntax),
                    "'@Effect' makes handlers from a protocol: it cannot stand before anything else.",
                    fix: "remove '@Effect'",
                    .remove(attribute.syntax)
                )
            )
            return nil
        }
        marksAreComments = attribute.isComment
        let effect = readName(attribute, declaration)
        refuseGenerics(declaration)
        let inherited = readInheritance(declaration)
        var effectProtocol = EffectProtocol(
            name: declaration.name.text,
            effect: effect,
            access: "",
            memberAccess: "",
            availability: availability(declaration.attributes),
            isClassBound: inherited.contains("AnyObject"),
            operations: inherited.contains("EffectHandler") ? [.capabilities] : []
        )
        for modifier in declaration.modifiers {
            switch modifier.name.text {
            case "public", "package":
                effectProtocol.access = "\(modifier.name.text) "
                effectProtocol.memberAccess = effectProtocol.access
            case "fileprivate", "private": effectProtocol.access = "\(modifier.name.text) "
            default: continue
            }
        }
        refuseIsolation(declaration.attributes, of: "an effect protocol")
        readRequirements(declaration, into: &effectProtocol)
        if effectProtocol.operations.isEmpty && diagnostics.isEmpty {
            add(
                "no-operations",
                at: declaration.name,
                "'\(declaration.name.text)' has no operations: give it a method."
            )
        }
        return effectProtocol
    }

    private mutating func readName(_ attribute: FoundAttribute, _ declaration: ProtocolDeclSyntax) -> String {
        let argument = attribute.arguments.first?.expression
        let literal = argument?.as(StringLiteralExprSyntax.self)
        if let name = literal?.representedLiteralValue, isEffectName(name) { return name }
        var suggestion = declaration.name.text
        if suggestion.hasSuffix("Effects") { suggestion.removeLast("Effects".count) }
        suggestion = suggestion.prefix(1).lowercased() + suggestion.dropFirst()
        let place = argument.map { attribute.place($0) } ?? attribute.place(attribute.syntax)
        let edit =
            argument.map { attribute.replace($0, with: "\"\(suggestion)\"") }
            ?? attribute.replace(attribute.syntax, with: "@Effect(\"\(suggestion)\")")
        diagnostics.append(
            .problem(
                "effect-name",
                at: place,
                "An effect's name is what profiles and messages call it: a string literal of a lowercase letter, then "
                    + "letters, digits, '-' or '_'.",
                fix: "call it \"\(suggestion)\"",
                edit
            )
        )
        return suggestion
    }

    private func isEffectName(_ name: String) -> Bool {
        guard let first = name.utf8.first, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first) else { return false }
        return name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }
    }

    private mutating func refuseGenerics(_ declaration: ProtocolDeclSyntax) {
        if let primary = declaration.primaryAssociatedTypeClause {
            add(
                "associated-type",
                at: primary,
                "An effect has no associated types: its handlers are used as 'any \(declaration.name.text)'.",
                fix: "remove the associated types",
                .remove(primary)
            )
        }
        if let clause = declaration.genericWhereClause {
            add(
                "where-clause",
                at: clause,
                "An effect protocol has no 'where' clause: its handlers are used as 'any \(declaration.name.text)'.",
                fix: "remove the 'where' clause",
                .remove(clause)
            )
        }
    }

    /// The names of the inherited types; each one that generated handlers cannot conform to is refused.
    private mutating func readInheritance(_ declaration: ProtocolDeclSyntax) -> Set<String> {
        let name = declaration.name.text
        var inherited: Set<String> = []
        for element in declaration.inheritanceClause?.inheritedTypes ?? [] {
            let elements = element.type.as(CompositionTypeSyntax.self)?.elements.map(\.type) ?? [element.type]
            for type in elements {
                let spelled = type.trimmedDescription
                let last = spelled.split(separator: ".").last.map(String.init) ?? spelled
                if ["Sendable", "EffectHandler", "AnyObject"].contains(last) {
                    inherited.insert(last)
                } else {
                    add(
                        "inherited-protocol",
                        at: type,
                        "'\(name)' inherits \(spelled), whose requirements '@Effect' cannot see: repeat those that are "
                            + "operations here, and inherit Sendable, EffectHandler or AnyObject only.",
                        fix: "replace \(spelled) by Sendable",
                        .replace(type, with: "Sendable")
                    )
                    inherited.insert("Sendable")
                }
            }
        }
        if inherited.isDisjoint(with: ["Sendable", "EffectHandler"]) {
            let edit: TextEdit =
                if let last = declaration.inheritanceClause?.inheritedTypes.last {
                    .insert(", Sendable", after: last)
                } else {
                    .insert(": Sendable", after: declaration.name)
                }
            add(
                "not-sendable",
                at: declaration.name,
                "'\(name)' does not inherit Sendable: many tasks use one handler at the same time.",
                fix: "inherit Sendable",
                edit
            )
        }
        return inherited
    }

    // MARK: Helpers

    /// Adds a problem.
    mutating func add(
        _ id: String,
        at node: some SyntaxProtocol,
        _ message: String,
        fix: String? = nil,
        _ edit: TextEdit? = nil
    ) {
        if let fix, let edit {
            diagnostics.append(.problem(id, at: node, message, fix: fix, edit))
        } else {
            diagnostics.append(.problem(id, at: node, message))
        }
    }

    /// The text of the `@available` attributes.
    func availability(_ attributes: AttributeListSyntax) -> [String] {
        attributes.compactMap { $0.as(AttributeSyntax.self) }
            .filter { $0.attributeName.trimmedDescription == "available" }
            .map(\.trimmedDescription)
    }

    /// Refuses attributes such as `@MainActor`; those that the generated code takes over or that change nothing in it stay.
    mutating func refuseIsolation(_ attributes: AttributeListSyntax, of what: String) {
        let known: Set = [
            "Effect", "Operation", "available", "discardableResult", "concurrent", "preconcurrency",
        ]
        for case .attribute(let attribute) in attributes {
            let name = attribute.attributeName.trimmedDescription
            guard !known.contains(name) else { continue }
            add(
                "attribute",
                at: attribute,
                "'@\(name)' of \(what) does not reach the generated handlers.",
                fix: "remove '@\(name)'",
                .remove(attribute)
            )
        }
    }
}
#endif
