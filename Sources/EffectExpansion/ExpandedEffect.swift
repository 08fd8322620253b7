#if Generator
package import SwiftDiagnostics
package import SwiftSyntax

/// What is made from an effect protocol.
package struct ExpandedEffect {
    /// The operation catalogue, the intercepted handler and the unimplemented handler; none where something is wrong.
    package let declarations: [String]

    /// What is wrong with the protocol.
    package let diagnostics: [Diagnostic]

    /// Expands a declaration.
    ///
    /// - Parameters:
    ///   - declaration: The protocol.
    ///   - attribute: Its attribute `@Effect`.
    package init(_ declaration: some DeclSyntaxProtocol, marked attribute: AttributeSyntax) {
        self.init(declaration, FoundAttribute(attribute))
    }

    init(_ declaration: some DeclSyntaxProtocol, _ attribute: FoundAttribute) {
        var reader = EffectReader()
        let effect = reader.read(declaration, marked: attribute)
        diagnostics = reader.diagnostics
        if let effect, diagnostics.isEmpty {
            declarations = [effect.catalogue, effect.intercepted, effect.unimplemented]
        } else {
            declarations = []
        }
    }
}
#endif
