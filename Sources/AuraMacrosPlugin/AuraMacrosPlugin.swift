#if Macros
internal import EffectExpansion
internal import SwiftCompilerPlugin
internal import SwiftSyntax
internal import SwiftSyntaxBuilder
internal import SwiftSyntaxMacros

@main
struct AuraMacrosPlugin: CompilerPlugin {
    let providingMacros: [any Macro.Type] = [EffectMacro.self, OperationMacro.self]
}

/// `@Effect`: the catalogue and the handlers beside a protocol.
struct EffectMacro: PeerMacro {
    static var formatMode: FormatMode { .disabled }

    static func expansion(
        of node: AttributeSyntax,
        providingPeersOf declaration: some DeclSyntaxProtocol,
        in context: some MacroExpansionContext
    ) -> [DeclSyntax] {
        let expanded = ExpandedEffect(declaration, marked: node)
        for diagnostic in expanded.diagnostics { context.diagnose(diagnostic) }
        return expanded.declarations.map { "\(raw: $0)" }
    }
}

/// `@Operation`: a mark that `@Effect` reads.
struct OperationMacro: PeerMacro {
    static func expansion(
        of node: AttributeSyntax,
        providingPeersOf declaration: some DeclSyntaxProtocol,
        in context: some MacroExpansionContext
    ) -> [DeclSyntax] {
        []
    }
}
#else
@main
struct AuraMacrosPlugin {
    static func main() {}
}
#endif
