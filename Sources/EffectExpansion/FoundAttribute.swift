#if Generator
internal import SwiftParser
internal import SwiftSyntax

/// An attribute of a declaration: a real one, or one that stands in the comments right above it, where a module may import
/// nothing that declares it.
struct FoundAttribute {
    /// The attribute; a tree of its own where it stands in a comment.
    var syntax: AttributeSyntax

    /// The node that the attribute's text belongs to.
    private var anchor: Syntax

    /// How far the text within `anchor` lies behind that of `syntax`.
    private var offset = 0

    /// The trait around the attribute, for `#if Macros`; `nil` where it always applies.
    private(set) var condition: String?

    /// Whether it stands in a comment.
    var isComment: Bool { anchor.id != syntax.id }

    /// A real attribute.
    init(_ syntax: AttributeSyntax) {
        self.syntax = syntax
        anchor = Syntax(syntax)
    }

    /// An attribute of a declaration.
    init?(_ name: String, of declaration: some SyntaxProtocol, attributes: AttributeListSyntax) {
        for element in attributes {
            switch element {
            case .attribute(let attribute) where attribute.attributeName.trimmedDescription == name:
                self.init(attribute)
                return
            case .ifConfigDecl(let block):
                guard let clause = block.clauses.first, case .attributes(let list) = clause.elements,
                    let found = FoundAttribute(name, of: declaration, attributes: list)
                else { continue }
                self = found
                condition = clause.condition?.trimmedDescription
                return
            default: continue
            }
        }
        self.init(name, inCommentsOf: declaration)
    }

    private init?(_ name: String, inCommentsOf declaration: some SyntaxProtocol) {
        var text = ""
        var offset = 0
        var position = declaration.position.utf8Offset
        for piece in declaration.leadingTrivia {
            let length = piece.sourceLength.utf8Length
            let isOpen = text.count { $0 == "(" } > text.count { $0 == ")" }
            if case .lineComment(let comment) = piece {
                let content = comment.dropFirst(2)
                let attribute = content.drop { $0 == " " }
                if isOpen {
                    // As long as the comment, so that places in the text can be told.
                    text += "  \(content)"
                } else if attribute.hasPrefix("@\(name)(") || attribute == "@\(name)" {
                    text = String(attribute)
                    offset = position + 2 + content.utf8.count - attribute.utf8.count
                }
            } else if isOpen {
                text += String(repeating: " ", count: length)
            }
            position += length
        }
        guard !text.isEmpty else { return nil }
        var parser = Parser(text)
        syntax = AttributeSyntax.parse(from: &parser)
        anchor = Syntax(declaration)
        self.offset = offset
    }

    /// The node to show a problem of a part of the attribute at.
    func place(_ node: some SyntaxProtocol) -> Syntax {
        isComment ? anchor : Syntax(node)
    }

    /// Puts text in place of a part of the attribute.
    func replace(_ node: some SyntaxProtocol, with text: String) -> TextEdit {
        edit(node.trimmedRange, text)
    }

    /// Puts text before the closing parenthesis of the attribute.
    func append(argument: String) -> TextEdit {
        guard let parenthesis = syntax.rightParen else {
            let end = syntax.endPositionBeforeTrailingTrivia
            return edit(end..<end, "(\(argument))")
        }
        let start = parenthesis.positionAfterSkippingLeadingTrivia
        return edit(start..<start, ", \(argument)")
    }

    private func edit(_ range: Range<AbsolutePosition>, _ text: String) -> TextEdit {
        let lower = AbsolutePosition(utf8Offset: range.lowerBound.utf8Offset + offset)
        let upper = AbsolutePosition(utf8Offset: range.upperBound.utf8Offset + offset)
        return TextEdit(range: lower..<upper, text: text, anchor: anchor)
    }

    /// The arguments by label, the first without one under the empty label.
    var arguments: [(label: String, expression: ExprSyntax)] {
        guard case .argumentList(let list) = syntax.arguments else { return [] }
        return list.map { ($0.label?.text ?? "", $0.expression) }
    }
}
#endif
