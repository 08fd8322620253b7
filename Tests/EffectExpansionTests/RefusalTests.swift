#if Generator
@testable internal import EffectExpansion
internal import SwiftDiagnostics
internal import SwiftParser
internal import SwiftSyntax
internal import Testing

/// A protocol that cannot be an effect, and what its fix-its make of it.
struct Refusal: Sendable, CustomTestStringConvertible {
    var id: String
    var source: String
    var fixed: String?

    var testDescription: String { "\(id): \(source)" }

    init(_ id: String, _ source: String, fixed: String? = nil) {
        self.id = id
        self.source = source
        self.fixed = fixed
    }

    /// A requirement that is refused.
    static func requirement(_ id: String, _ requirement: String, fixed: String? = nil) -> Refusal {
        Refusal(id, around(requirement), fixed: fixed.map(around))
    }

    private static func around(_ requirement: String) -> String {
        """
        @Effect("notes")
        protocol Notes: EffectHandler {
            func other() async throws(EffectError)
            \(requirement)
        }
        """
    }

    static let protocols = [
        Refusal(
            "not-a-protocol",
            "@Effect(\"notes\") struct Notes {}",
            fixed: "struct Notes {}"
        ),
        Refusal(
            "effect-name",
            "@Effect(\"My notes\") protocol NotesEffects: EffectHandler {}",
            fixed: "@Effect(\"notes\") protocol NotesEffects: EffectHandler {}"
        ),
        Refusal(
            "effect-name",
            "@Effect(name) protocol UserFolder: EffectHandler {}",
            fixed: "@Effect(\"userFolder\") protocol UserFolder: EffectHandler {}"
        ),
        Refusal(
            "effect-name",
            "// @Effect(\"Notes\")\nprotocol Notes: EffectHandler {}",
            fixed: "// @Effect(\"notes\")\nprotocol Notes: EffectHandler {}"
        ),
        Refusal(
            "not-sendable",
            "@Effect(\"notes\") protocol Notes { func f() async throws }",
            fixed: "@Effect(\"notes\") protocol Notes: Sendable { func f() async throws }"
        ),
        Refusal(
            "not-sendable",
            "@Effect(\"notes\") protocol Notes: AnyObject { func f() async throws }",
            fixed: "@Effect(\"notes\") protocol Notes: AnyObject, Sendable { func f() async throws }"
        ),
        Refusal(
            "inherited-protocol",
            "@Effect(\"notes\") protocol Notes: Hashable { func f() async throws }",
            fixed: "@Effect(\"notes\") protocol Notes: Sendable { func f() async throws }"
        ),
        Refusal(
            "associated-type",
            "@Effect(\"notes\") protocol Notes<Note>: EffectHandler {}",
            fixed: "@Effect(\"notes\") protocol Notes: EffectHandler {}"
        ),
        Refusal(
            "where-clause",
            "@Effect(\"notes\") protocol Notes: EffectHandler where Self: Hashable {}",
            fixed: "@Effect(\"notes\") protocol Notes: EffectHandler {}"
        ),
        Refusal(
            "attribute",
            "@MainActor @Effect(\"notes\") protocol Notes: EffectHandler {}",
            fixed: "@Effect(\"notes\") protocol Notes: EffectHandler {}"
        ),
        Refusal("no-operations", "@Effect(\"notes\") protocol Notes: Sendable {}"),
    ]

    static let requirements: [Refusal] = [
        .requirement(
            "async-without-throws",
            "func add(_ text: String) async -> Int",
            fixed: "func add(_ text: String) async throws(EffectError) -> Int"
        ),
        .requirement(
            "synchronous-throws",
            "func add(_ text: String) throws(EffectError) -> Int",
            fixed: "func add(_ text: String) async throws(EffectError) -> Int"
        ),
        .requirement(
            "thrown-type",
            "func add() async throws(NoteError)",
            fixed: "func add() async throws(EffectError)"
        ),
        .requirement("generic", "func add<Note>() async throws", fixed: "func add() async throws"),
        .requirement(
            "generic",
            "func add(_ note: some Note) async throws",
            fixed: "func add(_ note: any Note) async throws"
        ),
        .requirement("mutating", "mutating func add() async throws", fixed: "func add() async throws"),
        .requirement("static", "static func add() async throws", fixed: "func add() async throws"),
        .requirement("static", "static var count: Int { get }", fixed: "var count: Int { get }"),
        .requirement("initializer", "init()", fixed: ""),
        .requirement("subscript", "subscript(place: Int) -> Int { get }", fixed: ""),
        .requirement("associated-type", "associatedtype Note", fixed: ""),
        .requirement("mutable-property", "var count: Int { get set }", fixed: "var count: Int { get }"),
        .requirement(
            "asynchronous-property",
            "var count: Int { get async throws }",
            fixed: "func count() async throws(EffectError) -> Int"
        ),
        .requirement("capabilities", "var capabilities: Capabilities { get }", fixed: ""),
        .requirement(
            "specifier",
            "func add(_ text: inout String) async throws",
            fixed: "func add(_ text: String) async throws"
        ),
        .requirement(
            "specifier",
            "func add(_ note: consuming Note) async throws",
            fixed: "func add(_ note: Note) async throws"
        ),
        .requirement(
            "variadic",
            "func add(_ texts: String...) async throws",
            fixed: "func add(_ texts: [String]) async throws"
        ),
        .requirement(
            "unnamed-parameter",
            "func add(_: String) async throws",
            fixed: "func add(_ value: String) async throws"
        ),
        .requirement(
            "closure",
            "func add(_ part: (Int) -> Bool) async throws",
            fixed: "func add(_ part: @escaping @Sendable (Int) -> Bool) async throws"
        ),
        .requirement(
            "closure",
            "func add(_ part: @Sendable (Int) -> Bool) async throws",
            fixed: "func add(_ part: @escaping @Sendable (Int) -> Bool) async throws"
        ),
        .requirement(
            "autoclosure",
            "func add(_ text: @autoclosure () -> String) async throws",
            fixed: "func add(_ text: @escaping @Sendable () -> String) async throws"
        ),
        .requirement("self-type", "func joined(with other: Self) async throws"),
        .requirement("attribute", "@MainActor func add() async throws", fixed: "func add() async throws"),
        .requirement("condition", "#if DEBUG\n    func add() async throws\n    #endif", fixed: ""),
    ]

    static let marks: [Refusal] = [
        .requirement(
            "duplicate",
            "func other(named name: String) async throws",
            fixed: "@Operation(name: \"otherNamed\")\n    func other(named name: String) async throws"
        ),
        .requirement(
            "duplicate",
            "@Operation(.idempotent) func other(named name: String) async throws",
            fixed: "@Operation(.idempotent, name: \"otherNamed\") func other(named name: String) async throws"
        ),
        .requirement(
            "resource",
            "@Operation(resource: \"nane\") func add(id: Int, name: String) async throws",
            fixed: "@Operation(resource: \"name\") func add(id: Int, name: String) async throws"
        ),
        .requirement(
            "resource",
            "// @Operation(.idempotent, resource: \"nane\")\n    func add(id: Int, name: String) async throws",
            fixed: "// @Operation(.idempotent, resource: \"name\")\n    func add(id: Int, name: String) async throws"
        ),
        .requirement(
            "resource",
            """
            // @Operation(.idempotent,
            //     resource: "nane")
                func add(id: Int, name: String) async throws
            """,
            fixed: """
                // @Operation(.idempotent,
                //     resource: "name")
                    func add(id: Int, name: String) async throws
                """
        ),
        .requirement("resource", "@Operation(resource: \"name\") func add() async throws"),
        .requirement(
            "operation-idempotency",
            "@Operation(.always) func add() async throws",
            fixed: "@Operation(.idempotent) func add() async throws"
        ),
        .requirement(
            "operation-when",
            "@Operation(.idempotent(when: \"name ==\")) func add(name: String) async throws"
        ),
        .requirement("operation-literal", "@Operation(resource: name) func add(name: String) async throws"),
        .requirement("operation-argument", "@Operation(retries: 3) func add() async throws"),
        .requirement("operation-name", "@Operation(name: \"all\") func add() async throws"),
        .requirement("operation-name", "@Operation(name: \"two words\") func add() async throws"),
        .requirement("operation-syntax", "// @Operation(.idempotent\n    func add() async throws"),
    ]
}

@Suite("What cannot be an effect")
struct RefusalTests {
    @Test(
        "is refused by name, and what the fix-it makes of it is accepted",
        arguments: Refusal.protocols + Refusal.requirements + Refusal.marks
    )
    func refusal(_ refusal: Refusal) throws {
        let diagnostics = try Self.diagnostics(of: refusal.source)
        #expect(diagnostics.map(\.problem) == [refusal.id])
        let fixed = Self.fixed(refusal.source, diagnostics)
        #expect(fixed == refusal.fixed)
        guard let fixed, fixed.contains("@Effect") else { return }
        // Two faults in one place are found one after the other.
        #expect(try Self.diagnostics(of: fixed).map(\.message) == [])
    }

    @Test("in a protocol that is marked in comments, a fix-it adds a comment above the documentation")
    func comments() throws {
        let source = """
            // @Effect("notes")
            protocol Notes: EffectHandler {
                func add() async throws

                /// Adds a note with a name.
                func add(named name: String) async throws
            }
            """
        let fixed = Self.fixed(source, try Self.diagnostics(of: source))
        #expect(
            fixed?.contains("    // @Operation(name: \"addNamed\")\n    /// Adds a note with a name.\n    func add(n")
                == true
        )
    }

    @Test("every problem of a protocol is told at once")
    func several() throws {
        let source = """
            @Effect("notes")
            protocol Notes {
                func first() async
                func second() throws
            }
            """
        let ids = Set(try Self.diagnostics(of: source).map(\.problem))
        #expect(ids == ["not-sendable", "async-without-throws", "synchronous-throws"])
    }

    @Test("the generator names file, line and column")
    func places() {
        let file = GeneratedFile(
            from: "// @Effect(\"notes\")\nprotocol Notes: Sendable {\n    init()\n}\n",
            named: "Notes.swift"
        )
        #expect(file.text.isEmpty)
        #expect(
            file.problems == [
                "Notes.swift:3:5: An effect has no initializers: a profile makes its handlers. (remove it)"
            ]
        )
    }

    private static func diagnostics(of source: String) throws -> [Diagnostic] {
        let declaration = try #require(Parser.parse(source: source).statements.first?.item.as(DeclSyntax.self))
        let attributes = try #require(declaration.asProtocol((any WithAttributesSyntax).self)?.attributes)
        let mark = try #require(FoundAttribute("Effect", of: declaration, attributes: attributes))
        return ExpandedEffect(declaration, mark).diagnostics
    }

    private static func fixed(_ source: String, _ diagnostics: [Diagnostic]) -> String? {
        let edits = diagnostics.flatMap(\.fixIts).flatMap(\.edits)
        if edits.isEmpty { return nil }
        var bytes = Array(source.utf8)
        for edit in edits.sorted(by: { $0.range.lowerBound > $1.range.lowerBound }) {
            bytes.replaceSubrange(
                edit.range.lowerBound.utf8Offset..<edit.range.upperBound.utf8Offset,
                with: edit.replacement.utf8
            )
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension Diagnostic {
    /// The problem's id.
    fileprivate var problem: String { (diagMessage as? ExpansionProblem)?.id ?? "" }
}
#endif
