package import AuraEffects

/// Finds notes by their words and tags.
package struct NoteSearch {
    /// A note that was found.
    package struct Hit: Hashable, Sendable {
        package var note: NoteRecord
        package var snippet: Snippet
    }

    /// What a search found, the text that was changed last first.
    package struct Result: Hashable, Sendable {
        package var hits: [Hit]
        /// Whether there are more than were asked for.
        package var hasMore: Bool
    }

    private let notebook: Notebook
    private var storage: any StorageEffects { notebook.effects.storage }

    package init(_ notebook: Notebook) {
        self.notebook = notebook
    }

    /// Searches for notes that hold every word and have every tag.
    ///
    /// - Parameters:
    ///   - query: The words.
    ///   - tags: The tags.
    ///   - limit: The most notes wanted.
    /// - Returns: What was found.
    /// - Throws: `invalidArgument` for a query without a word.
    package func run(_ query: String, tags: [NoteTag] = [], limit: Int) async throws(EffectError) -> Result {
        let words = try Self.words(of: query)
        var hits: [Hit] = []
        var found: Set<NoteID> = []
        for document in try await documents(with: words).reversed() {
            // A note in conflict may hold the words in several texts: the one that came last stands for it.
            guard let (record, version) = try await text(of: document), record.hasTags(tags),
                found.insert(record.note).inserted
            else { continue }
            if hits.count == limit { return Result(hits: hits, hasMore: true) }
            let snippet = try await Snippet.find(words, in: notebook.text(of: version, in: record.note))
            hits.append(Hit(note: record, snippet: snippet))
        }
        return Result(hits: hits, hasMore: false)
    }

    /// The words of a query.
    ///
    /// - Throws: `invalidArgument` for a query without a word.
    package static func words(of query: String) throws(EffectError) -> Set<UInt64> {
        let words = Tokenizer.words(of: Array(query.utf8))
        guard !words.isEmpty else {
            throw EffectError(
                .invalidArgument,
                "The search has no word: give one or more, or use 'fieldnotes list --tag' to find notes by tag alone."
            )
        }
        return words
    }

    /// The texts that hold every word, in ascending order.
    private func documents(with words: Set<UInt64>) async throws(EffectError) -> [UInt64] {
        var common: [UInt64]?
        for word in words {
            let found = try await documents(with: word)
            common = common.map { Self.intersection($0, found) } ?? found
        }
        return common ?? []
    }

    private func documents(with word: UInt64) async throws(EffectError) -> [UInt64] {
        let bucket = IndexBlock.bucket(of: word)
        let key = ProjectionKey.tail(bucket)
        guard let stored = try await storage.read(key) else { return [] }
        var found: [UInt64] = []
        let tail = try Self.decoding(key) { () throws(MalformedBytes) in
            let tail = try IndexTail(encoded: stored.bytes)
            try IndexBlock.documents(of: word, in: tail.reader) { found.append($0) }
            return tail
        }
        for number in 0..<tail.fullBlocks {
            let key = ProjectionKey.block(bucket, number)
            guard let block = try await storage.read(key) else { continue }
            try Self.decoding(key) { () throws(MalformedBytes) in
                try IndexBlock.documents(of: word, in: ByteReader(block.bytes)) { found.append($0) }
            }
        }
        return Set(found).sorted()
    }

    /// The text that the index calls so, and its note; `nil` for a text that does not hold any more.
    private func text(of document: UInt64) async throws(EffectError) -> (NoteRecord, NoteVersion)? {
        let position = Position(rawValue: document)
        guard let stored = try await storage.read(ProjectionKey.document(position)),
            let note = NoteID(StreamName(String(decoding: stored.bytes, as: UTF8.self))),
            let record = try await notebook.record(of: note),
            let version = record.texts.versions.first(where: { $0.document == position })
        else { return nil }
        return (record, version)
    }

    private static func decoding<Value>(
        _ key: StorageKey,
        _ body: () throws(MalformedBytes) -> Value
    ) throws(EffectError) -> Value {
        do throws(MalformedBytes) {
            return try body()
        } catch {
            throw .malformedProjection(key, error)
        }
    }

    private static func intersection(_ left: [UInt64], _ right: [UInt64]) -> [UInt64] {
        let other = Set(right)
        return left.filter { other.contains($0) }
    }
}
