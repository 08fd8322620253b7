#if Generator
internal import EffectExpansion
internal import SwiftParser
internal import SwiftSyntax
internal import Testing

@Suite("What an effect protocol expands to")
struct ExpansionTests {
    private let notes = """
        @Effect("notes")
        public protocol NotesEffects: EffectHandler {
            @Operation(.idempotent, resource: "id")
            func note(_ id: String) async throws(EffectError) -> Note?

            @Operation(.idempotent(when: "call == nil"), resource: "start")
            @discardableResult
            func add(_ text: String, as call: String?, at start: StorageKey) async throws -> Int

            func clear() async throws(EffectError)
            var count: Int { get }
        }
        """

    @Test("a catalogue, a handler with interceptors and one that fails by name")
    func expansion() {
        let file = GeneratedFile(from: notes, named: "NotesEffects.swift")
        #expect(file.problems == [])
        #expect(file.text == expandedNotes)
    }

    @Test("the macro and 'make generate' write the same text")
    func fronts() throws {
        let file = Parser.parse(source: notes)
        let declaration = try #require(file.statements.first?.item.as(ProtocolDeclSyntax.self))
        let attribute = try #require(declaration.attributes.first?.as(AttributeSyntax.self))
        let macro = ExpandedEffect(declaration, marked: attribute).declarations.joined(separator: "\n\n")
        let heading = "// Generated from NotesEffects.swift by 'make generate'; do not edit.\n\n"
        #expect(GeneratedFile(from: notes, named: "NotesEffects.swift").text == "\(heading)\(macro)\n")
    }

    @Test("attributes and attributes in comments say the same")
    func comments() {
        let commented = notes.replacing("@Effect", with: "// @Effect").replacing("@Operation", with: "// @Operation")
        let name = "NotesEffects.swift"
        #expect(GeneratedFile(from: commented, named: name).text == GeneratedFile(from: notes, named: name).text)
    }

    @Test(
        "the members of a type have its access, as far as they need one",
        arguments: [
            ("", "struct", "let base"), ("package ", "package struct", "package let base"),
            ("fileprivate ", "fileprivate struct", "let base"), ("private ", "private struct", "let base"),
        ]
    )
    func access(_ modifier: String, _ type: String, _ member: String) {
        let text = generated("\(modifier)protocol Notes: Sendable { func add() async throws }")
        #expect(text.contains("\n\(type) InterceptedNotes: Notes, InterceptedHandler {"))
        #expect(text.contains("\n    \(member): any Notes\n"))
    }

    @Test("handlers of a protocol of classes are classes")
    func classes() {
        let text = generated("protocol Notes: Sendable, AnyObject { func add() async throws }")
        #expect(text.contains("final class InterceptedNotes: Notes, InterceptedHandler {"))
        #expect(text.contains("final class UnimplementedNotes: Notes {"))
    }

    @Test("a protocol of Sendable values has no capabilities")
    func noCapabilities() {
        #expect(!generated("protocol Notes: Sendable { func add() async throws }").contains("capabilities"))
    }

    @Test("words of the language and the names of the generated code can be names of the protocol")
    func names() {
        let text = generated(
            """
            protocol Notes: Sendable {
                @Operation(.idempotent(when: "base.isEmpty && error.base"), repeatable: "error.again")
                func `repeat`(base: [Int], in error: Flags) async throws(EffectError) -> Int
            }
            """
        )
        #expect(text.contains("static let `repeat` = EffectOperation(effect: \"notes\", name: \"repeat\", index: 0,"))
        #expect(text.contains("func `repeat`(base baseArgument: [Int], in errorArgument: Flags) async"))
        #expect(text.contains("isIdempotent: baseArgument.isEmpty && errorArgument.base,"))
        #expect(text.contains("isRepeatable: errorArgument.again,"))
        #expect(text.contains("EffectArgument(\"base\", baseArgument), EffectArgument(\"error\", errorArgument)"))
        #expect(text.contains("try await base.`repeat`(base: baseArgument, in: errorArgument)"))
    }

    @Test("a file whose macro needs a trait is generated for the builds without it, with its imports")
    func condition() {
        let file = GeneratedFile(
            from: """
                internal import AuraEffects

                #if Macros
                internal import AuraMacros
                #endif

                #if Macros
                @Effect("notes")
                #endif
                protocol Notes: Sendable { func add() async throws }
                """,
            named: "Notes.swift"
        )
        #expect(file.text.contains("\n#if !Macros\ninternal import AuraEffects\n\n/// The operation catalogue"))
        #expect(!file.text.contains("import AuraMacros"))
        #expect(file.text.hasSuffix("}\n#endif\n"))
    }

    @Test("a file without an effect protocol generates nothing")
    func noProtocol() {
        #expect(GeneratedFile(from: "protocol P: Sendable {}", named: "P.swift").text.isEmpty)
    }

    private func generated(_ declaration: String) -> String {
        let file = GeneratedFile(from: "@Effect(\"notes\")\n\(declaration)", named: "Notes.swift")
        #expect(file.problems == [])
        return file.text
    }
}
#endif
