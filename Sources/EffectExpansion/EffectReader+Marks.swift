#if Generator
internal import SwiftDiagnostics
internal import SwiftParser
internal import SwiftSyntax

extension EffectReader {
    /// Reads a requirement's `@Operation`.
    mutating func readMark(
        of member: DeclSyntax,
        _ attributes: AttributeListSyntax,
        into operation: inout EffectRequirement
    ) {
        guard let found = FoundAttribute("Operation", of: member, attributes: attributes) else { return }
        let mark = OperationAttribute(found)
        diagnostics += mark.diagnostics
        if let name = mark.name { operation.operation = name.value }
        if let resource = mark.resource {
            operation.resource = operation.parameters.first { $0.name == resource.value }
            if operation.resource == nil { refuseResource(resource, of: operation, found) }
        }
        operation.idempotency = mark.idempotency
        if case .when(let condition) = mark.idempotency {
            operation.idempotency = .when(renamed(condition, operation.parameters))
        }
        operation.repeatable = mark.repeatable.map { renamed($0, operation.parameters) }
    }

    /// A condition with the names that the parameters have in the generated method.
    private func renamed(_ condition: String, _ parameters: [EffectRequirement.Parameter]) -> String {
        let changed = parameters.filter { $0.name != $0.local }.map { ($0.name, $0.local) }
        guard !changed.isEmpty else { return condition }
        var parser = Parser(condition)
        let rewriter = ReferenceRewriter(Dictionary(changed) { first, _ in first })
        return rewriter.rewrite(ExprSyntax.parse(from: &parser)).description
    }

    private mutating func refuseResource(
        _ resource: OperationAttribute.StringArgument,
        of operation: EffectRequirement,
        _ mark: FoundAttribute
    ) {
        let name = nearest(to: resource.value, among: operation.parameters.map(\.name))
        let advice = name.map { "did you mean '\($0)'?" } ?? "it has none: leave 'resource' out."
        let message = "'\(operation.operation)' has no parameter '\(resource.value)': \(advice)"
        guard let name else { return add("resource", at: mark.place(resource.expression), message) }
        add(
            "resource",
            at: mark.place(resource.expression),
            message,
            fix: "write \"\(name)\"",
            mark.replace(resource.expression, with: "\"\(name)\"")
        )
    }

    /// Refuses an operation whose name another one has, and suggests one made of its first label of its own.
    mutating func refuseDuplicate(
        _ operation: EffectRequirement,
        of other: EffectRequirement,
        _ member: DeclSyntax,
        _ attributes: AttributeListSyntax
    ) {
        let known = Set(other.parameters.map { $0.label ?? $0.name })
        let names = operation.parameters.map { $0.label ?? $0.name }
        let word = names.first { !known.contains($0) } ?? "again"
        let suggestion = operation.operation + word.prefix(1).uppercased() + word.dropFirst()
        let argument = "name: \"\(suggestion)\""
        let edit: TextEdit
        if let found = FoundAttribute("Operation", of: member, attributes: attributes) {
            if let name = OperationAttribute(found).name {
                edit = found.replace(name.expression, with: "\"\(suggestion)\"")
            } else {
                edit = found.append(argument: argument)
            }
        } else {
            edit = insert("@Operation(\(argument))", before: member)
        }
        add(
            "duplicate",
            at: member,
            "Two operations are called '\(operation.operation)': profiles and messages could not tell them apart.",
            fix: "call it '\(suggestion)'",
            edit
        )
    }
}

extension EffectReader {
    /// Puts a mark before a requirement: above its documentation where marks are comments.
    private func insert(_ mark: String, before member: DeclSyntax) -> TextEdit {
        let lines = member.leadingTrivia.description.split(separator: "\n", omittingEmptySubsequences: false)
        let blanks = lines.last ?? ""
        guard marksAreComments else { return .insert("\(mark)\n\(blanks)", before: member) }
        let skipped = member.leadingTrivia.prefix { !$0.isComment }
        let length = skipped.reduce(0) { $0 + $1.sourceLength.utf8Length }
        let position = AbsolutePosition(utf8Offset: member.position.utf8Offset + length)
        return TextEdit(range: position..<position, text: "// \(mark)\n\(blanks)", anchor: Syntax(member))
    }
}

private final class ReferenceRewriter: SyntaxRewriter {
    private let names: [String: String]

    init(_ names: [String: String]) {
        self.names = names
        super.init()
    }

    override func visit(_ node: DeclReferenceExprSyntax) -> ExprSyntax {
        let isMember = node.parent?.as(MemberAccessExprSyntax.self)?.declName.id == node.id
        guard !isMember, let name = names[node.baseName.text] else { return ExprSyntax(node) }
        let token = node.baseName.with(\.tokenKind, .identifier(name))
        return ExprSyntax(node.with(\.baseName, token))
    }
}
#endif
