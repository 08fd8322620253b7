internal import AuraEffects
internal import Testing

@testable internal import FieldnotesCore

@Suite("Search")
struct SearchTests {
    private static let vocabulary = [
        "heron", "weir", "Reiher", "Größe", "ÉTÉ", "snow", "x1", "川", "野帳", "naïve", "log",
    ]

    @Test("finds exactly what reading every note finds", arguments: 0..<8 as Range<UInt64>)
    func naive(seed: UInt64) async throws {
        var generator = Generator(seed: seed)
        let fixture = Fixture(seed: seed, hasTransactions: seed.isMultiple(of: 2))
        let marks = [" ", ", ", "-", "\n", "“", "_", ". "]
        for number in 0..<60 {
            let count = Int.random(in: 1...6, using: &generator)
            var text = ""
            for _ in 0..<count {
                text += try #require(Self.vocabulary.randomElement(using: &generator))
                text += try #require(marks.randomElement(using: &generator))
            }
            let tags = Bool.random(using: &generator) ? [try tag("wet")] : []
            let note = try await fixture.notebook.add(Array(text.utf8), tags: tags)
            if number.isMultiple(of: 5) { try await fixture.notebook.edit(note, text: Array("snow \(number)".utf8)) }
            if number.isMultiple(of: 9) { try await fixture.notebook.catchUp() }
        }
        let contents = try await fixture.contents()
        for query in Self.vocabulary + ["heron weir", "HERON snow log", "grösse", "été x1", "野", "her", "snow 5"] {
            for tags in [[], [try tag("wet")]] {
                let words = Tokenizer.words(of: Array(query.utf8))
                let expected = contents.filter { content in
                    words.isSubset(of: Tokenizer.words(of: Array(content.text.utf8)))
                        && Set(tags).isSubset(of: content.tags)
                }
                let result = try await NoteSearch(fixture.notebook).run(query, tags: tags, limit: .max)
                var found: [String] = []
                for hit in result.hits { found.append(try await fixture.notebook.text(of: hit.note).string()) }
                #expect(found.sorted() == expected.map(\.text).sorted(), "\(query) \(tags)")
                #expect(!result.hasMore)
            }
        }
    }

    @Test("words are letters and digits whatever their case and script")
    func words() {
        func same(_ left: String, _ right: String) -> Bool {
            Tokenizer.words(of: Array(left.utf8)) == Tokenizer.words(of: Array(right.utf8))
        }
        #expect(same("Größe, ÉTÉ!", "été größe"))
        #expect(same("snake_case it's 42%", "42 s it case snake"))
        #expect(same("野帳", "帳 野"))
        #expect(!same("heron", "herons"))
        #expect(Tokenizer.words(of: Array("— … !".utf8)).isEmpty)
        let long = String(repeating: "a", count: 64)
        #expect(same(long + "b", long + "c"))
    }

    @Test("a text gives the same words however it is cut into parts")
    func parts() {
        let text = Array("Heron größe 野帳 x1—ÉTÉ “quoted” 🦆 end".utf8)
        let whole = Tokenizer.words(of: text)
        for size in 1...text.count {
            var tokenizer = Tokenizer()
            var words: Set<UInt64> = []
            for start in stride(from: 0, to: text.count, by: size) {
                tokenizer.feed(Array(text[start..<min(start + size, text.count)])) { words.insert($0.hash) }
            }
            tokenizer.finish { words.insert($0.hash) }
            #expect(words == whole, "parts of \(size) bytes")
        }
    }

    @Test("every word of a large text is found, with the words around it")
    func largeText() async throws {
        let fixture = Fixture()
        fixture.folder.put(ImportTests.largeText, at: "/notes/large.log")
        _ = try await fixture.importFolder()
        for number in stride(from: 1, to: 40_000 - 1, by: 997) {
            let result = try await NoteSearch(fixture.notebook).run("word\(number)", limit: 5)
            let snippet = try #require(result.hits.first).snippet
            #expect(snippet.match == "word\(number)")
            #expect(snippet.before.hasSuffix("word\(number - 1) ümläut "))
            #expect(snippet.after.hasPrefix(" ümläut word\(number + 1)"))
        }
    }

    @Test("the newest text comes first, and the limit says that there is more")
    func order() async throws {
        let fixture = Fixture()
        for number in 0..<5 { _ = try await fixture.notebook.add(Array("heron \(number)".utf8), tags: []) }
        try await fixture.notebook.catchUp()
        let result = try await NoteSearch(fixture.notebook).run("heron", limit: 2)
        #expect(result.hits.map(\.note.title) == ["heron 4", "heron 3"])
        #expect(result.hasMore)
    }

    @Test("a search without a word is refused")
    func noWord() async {
        let fixture = Fixture()
        let error = await thrownError { () throws(EffectError) in
            _ = try await NoteSearch(fixture.notebook).run(" – ", limit: 1)
        }
        #expect(error?.code == .invalidArgument)
    }
}
