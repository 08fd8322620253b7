#if Generator
internal import SwiftDiagnostics
internal import SwiftSyntax

/// What is wrong with a protocol, in words for who wrote it.
struct ExpansionProblem: DiagnosticMessage {
    var id: String
    var message: String

    var diagnosticID: MessageID { MessageID(domain: "EffectExpansion", id: id) }
    var severity: DiagnosticSeverity { .error }
}

/// What a fix-it does, in words.
struct ExpansionFix: FixItMessage {
    var id: String
    var message: String

    var fixItID: MessageID { MessageID(domain: "EffectExpansion", id: id) }
}

/// A change of the protocol's text.
struct TextEdit {
    var range: Range<AbsolutePosition>
    var text: String
    var anchor: Syntax

    /// Puts text before a node, after the comments above it.
    static func insert(_ text: String, before node: some SyntaxProtocol) -> TextEdit {
        let position = node.positionAfterSkippingLeadingTrivia
        return TextEdit(range: position..<position, text: text, anchor: Syntax(node))
    }

    /// Puts text right after a node.
    static func insert(_ text: String, after node: some SyntaxProtocol) -> TextEdit {
        let position = node.endPositionBeforeTrailingTrivia
        return TextEdit(range: position..<position, text: text, anchor: Syntax(node))
    }

    /// Puts text in place of a node.
    static func replace(_ node: some SyntaxProtocol, with text: String) -> TextEdit {
        TextEdit(range: node.trimmedRange, text: text, anchor: Syntax(node))
    }

    /// Takes a node out together with the space after it.
    static func remove(_ node: some SyntaxProtocol) -> TextEdit {
        TextEdit(
            range: node.positionAfterSkippingLeadingTrivia..<node.endPosition,
            text: "",
            anchor: Syntax(node)
        )
    }
}

extension Diagnostic {
    /// A problem at a node, and the change that solves it where there is one.
    static func problem(
        _ id: String,
        at node: some SyntaxProtocol,
        _ message: String,
        fix: String? = nil,
        _ edits: TextEdit...
    ) -> Diagnostic {
        var fixIts: [FixIt] = []
        if let fix {
            let changes = edits.map { FixIt.Change.replaceText(range: $0.range, with: $0.text, in: $0.anchor) }
            fixIts = [FixIt(message: ExpansionFix(id: id, message: fix), changes: changes)]
        }
        return Diagnostic(node: node, message: ExpansionProblem(id: id, message: message), fixIts: fixIts)
    }
}
#endif
