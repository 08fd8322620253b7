#if Generator
internal import SwiftDiagnostics
internal import SwiftParser
internal import SwiftSyntax

/// The file that `make generate` writes for the effect protocols of a file.
///
/// A protocol is marked as for the macro, or in a comment right above it, `// @Effect("name")`, where the module may not
/// import the macro. Where the macro stands within `#if Macros`, the file's contents stand within `#if !Macros`.
package struct GeneratedFile {
    /// The file; empty where the source has no effect protocol or something is wrong.
    package let text: String

    /// What is wrong, a line each, with places in the source.
    package let problems: [String]

    /// Generates a file.
    ///
    /// - Parameters:
    ///   - source: The text of the source.
    ///   - name: The source's file name.
    package init(from source: String, named name: String) {
        let file = Parser.parse(source: source)
        let places = SourceLocationConverter(fileName: name, tree: file)
        var parts: [String] = []
        var problems: [String] = []
        var condition: String?
        for declaration in file.statements.compactMap({ $0.item.as(ProtocolDeclSyntax.self) }) {
            guard let mark = FoundAttribute("Effect", of: declaration, attributes: declaration.attributes) else {
                continue
            }
            let expanded = ExpandedEffect(declaration, mark)
            parts += expanded.declarations
            condition = condition ?? mark.condition
            for diagnostic in expanded.diagnostics {
                let place = diagnostic.node.startLocation(converter: places)
                let fixes = diagnostic.fixIts.map { " (\($0.message.message))" }.joined()
                problems.append("\(name):\(place.line):\(place.column): \(diagnostic.message)\(fixes)")
            }
        }
        self.problems = problems
        guard !parts.isEmpty, problems.isEmpty else {
            text = ""
            return
        }
        let imports = file.statements.compactMap { $0.item.as(ImportDeclSyntax.self)?.trimmedDescription }
        if !imports.isEmpty { parts.insert(imports.joined(separator: "\n"), at: 0) }
        parts.insert("// Generated from \(name) by 'make generate'; do not edit.", at: 0)
        if let condition {
            parts[1] = "#if !\(condition)\n\(parts[1])"
            parts[parts.count - 1] += "\n#endif"
        }
        text = parts.joined(separator: "\n\n") + "\n"
    }
}
#endif
