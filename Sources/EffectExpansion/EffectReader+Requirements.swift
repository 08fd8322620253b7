#if Generator
internal import SwiftDiagnostics
internal import SwiftSyntax

extension EffectReader {
    /// Reads the members of a protocol into its operations.
    mutating func readRequirements(_ declaration: ProtocolDeclSyntax, into effectProtocol: inout EffectProtocol) {
        for member in declaration.memberBlock.members.map(\.decl) {
            let operation: EffectRequirement?
            let attributes: AttributeListSyntax
            if let method = member.as(FunctionDeclSyntax.self) {
                attributes = method.attributes
                operation = read(method)
            } else if let property = member.as(VariableDeclSyntax.self) {
                attributes = property.attributes
                operation = read(property, of: effectProtocol)
            } else {
                refuse(member)
                continue
            }
            guard var operation else { continue }
            refuseIsolation(attributes, of: "an operation")
            readMark(of: member, attributes, into: &operation)
            if let other = effectProtocol.operations.first(where: { $0.operation == operation.operation }) {
                refuseDuplicate(operation, of: other, member, attributes)
            }
            effectProtocol.operations.append(operation)
        }
    }

    private mutating func refuse(_ member: DeclSyntax) {
        let what: (id: String, message: String)
        switch member.kind {
        case .initializerDecl: what = ("initializer", "An effect has no initializers: a profile makes its handlers.")
        case .subscriptDecl: what = ("subscript", "An effect has no subscripts: make it a method.")
        case .associatedTypeDecl:
            what = ("associated-type", "An effect has no associated types: name the types, or use 'any' types.")
        case .typeAliasDecl: return
        case .ifConfigDecl:
            what = ("condition", "'@Effect' cannot see which operations exist under '#if': put it around the protocol.")
        default: what = ("member", "An effect has only methods and get-only properties.")
        }
        add(what.id, at: member, what.message, fix: "remove it", .remove(member))
    }

    // MARK: Methods

    private mutating func read(_ method: FunctionDeclSyntax) -> EffectRequirement? {
        let before = diagnostics.count
        let name = method.name.identifier?.name ?? method.name.text
        var attributes: [String] = []
        for case .attribute(let attribute) in method.attributes {
            if ["available", "discardableResult", "concurrent"].contains(attribute.attributeName.trimmedDescription) {
                attributes.append(attribute.trimmedDescription)
            }
        }
        for modifier in method.modifiers {
            if modifier.name.text == "nonisolated" { continue }
            add(
                modifier.name.text == "mutating" ? "mutating" : "static",
                at: modifier,
                "'\(name)' cannot be \(modifier.name.text): an operation is a method of a handler that many tasks share.",
                fix: "remove '\(modifier.name.text)'",
                .remove(modifier)
            )
        }
        if let generics = method.genericParameterClause {
            add(
                "generic",
                at: generics,
                "'\(name)' cannot be generic: its arguments and answers are of types that the protocol names. "
                    + "Write 'any' types, or a generic method in an extension that calls an operation.",
                fix: "remove the generic parameters",
                .remove(generics)
            )
        }
        let signature = method.signature
        let form = readEffects(of: method, name)
        let parameters = signature.parameterClause.parameters.compactMap { readParameter($0, of: name) }
        let result = signature.returnClause?.type
        if let result { refuseType(result, of: name) }
        guard diagnostics.count == before, let form else { return nil }
        let spelled = result?.trimmedDescription
        return EffectRequirement(
            swiftName: method.name.text,
            operation: name,
            form: form,
            attributes: attributes,
            parameters: parameters,
            result: spelled == "Void" || spelled == "()" ? nil : spelled
        )
    }

    private mutating func readEffects(of method: FunctionDeclSyntax, _ name: String) -> EffectRequirement.Form? {
        let effects = method.signature.effectSpecifiers
        let clause = effects?.throwsClause
        guard effects?.asyncSpecifier != nil else {
            guard let clause else { return .synchronous }
            add(
                "synchronous-throws",
                at: clause,
                "'\(name)' throws without 'async': interceptors of what can fail may wait.",
                fix: "add 'async'",
                .insert("async ", before: clause)
            )
            return nil
        }
        guard let clause else {
            add(
                "async-without-throws",
                at: method.name,
                "'\(name)' is 'async' and cannot throw: a handler that fails, or a deadline, could not say so.",
                fix: "add 'throws(EffectError)'",
                (effects?.asyncSpecifier).map { .insert(" throws(EffectError)", after: $0) }
            )
            return nil
        }
        guard let type = clause.type?.trimmedDescription, type != "any Error" else { return .foreignCall }
        if type.split(separator: ".").last == "EffectError" { return .call }
        add(
            "thrown-type",
            at: clause,
            "'\(name)' throws \(type): an operation throws EffectError, or any error with an untyped 'throws'.",
            fix: "write 'throws(EffectError)'",
            .replace(clause, with: "throws(EffectError)")
        )
        return nil
    }

    // MARK: Properties

    private mutating func read(_ property: VariableDeclSyntax, of effectProtocol: EffectProtocol) -> EffectRequirement?
    {
        let before = diagnostics.count
        guard let binding = property.bindings.first, property.bindings.count == 1,
            let pattern = binding.pattern.as(IdentifierPatternSyntax.self), let type = binding.typeAnnotation?.type
        else {
            add("property", at: property, "Declare one property with its type at a time.")
            return nil
        }
        let name = pattern.identifier.identifier?.name ?? pattern.identifier.text
        for modifier in property.modifiers where modifier.name.text != "nonisolated" {
            add(
                "static",
                at: modifier,
                "'\(name)' cannot be \(modifier.name.text): an operation belongs to a handler.",
                fix: "remove '\(modifier.name.text)'",
                .remove(modifier)
            )
        }
        if name == "capabilities", effectProtocol.operations.first?.operation == name {
            add(
                "capabilities",
                at: property,
                "EffectHandler requires 'capabilities' already.",
                fix: "remove it",
                .remove(property)
            )
        }
        refuseAccessors(binding, name, type)
        refuseType(type, of: name)
        guard diagnostics.count == before else { return nil }
        return EffectRequirement(
            swiftName: pattern.identifier.text,
            operation: name,
            form: .property,
            attributes: availability(property.attributes),
            result: type.trimmedDescription
        )
    }

    private mutating func refuseAccessors(_ binding: PatternBindingSyntax, _ name: String, _ type: TypeSyntax) {
        guard let block = binding.accessorBlock, case .accessors(let accessors) = block.accessors else { return }
        for accessor in accessors {
            if accessor.accessorSpecifier.text != "get" {
                add(
                    "mutable-property",
                    at: accessor,
                    "'\(name)' can be set: what changes a handler is a method.",
                    fix: "write '{ get }'",
                    .replace(block, with: "{ get }")
                )
            } else if accessor.effectSpecifiers != nil,
                let property = binding.parent?.parent?.as(VariableDeclSyntax.self)
            {
                let spelled = type.trimmedDescription
                let method = "func \(binding.pattern.trimmedDescription)() async throws(EffectError) -> \(spelled)"
                let end = binding.endPositionBeforeTrailingTrivia
                let start = property.bindingSpecifier.positionAfterSkippingLeadingTrivia
                add(
                    "asynchronous-property",
                    at: accessor,
                    "'\(name)' waits or fails: make it a method.",
                    fix: "make it a method",
                    TextEdit(range: start..<end, text: method, anchor: Syntax(property))
                )
            }
        }
    }
}
#endif
