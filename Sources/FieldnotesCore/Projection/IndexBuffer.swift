internal import AuraEffects

/// Words of texts on their way into the search index.
struct IndexBuffer {
    private static let fullCount = 128 * 1024

    private var postings: [Posting] = []

    /// Whether it is time to write: keeps memory bounded.
    var isFull: Bool { postings.count >= Self.fullCount }

    /// Adds the words of a text, or of a part of it.
    mutating func add(_ words: Set<UInt64>, of document: Position) {
        for word in words { postings.append(Posting(word: word, document: document.rawValue)) }
    }

    /// Writes the words to the buckets' tails, and is empty after.
    mutating func write(to batch: inout StorageBatch, of storage: any StorageEffects) async throws(EffectError) {
        postings.sort()
        var rest = postings[...]
        while let first = rest.first {
            let bucket = IndexBlock.bucket(of: first.word)
            let end = rest.firstIndex { IndexBlock.bucket(of: $0.word) != bucket } ?? rest.endIndex
            try await write(rest[..<end], to: bucket, &batch, storage)
            rest = rest[end...]
        }
        postings.removeAll(keepingCapacity: true)
    }

    private func write(
        _ postings: ArraySlice<Posting>,
        to bucket: Int,
        _ batch: inout StorageBatch,
        _ storage: any StorageEffects
    ) async throws(EffectError) {
        let key = ProjectionKey.tail(bucket)
        let stored = try await storage.read(key)
        var tail: IndexTail
        do throws(MalformedBytes) {
            tail = try IndexTail(encoded: stored?.bytes)
        } catch {
            throw .malformedProjection(key, error)
        }
        var rest = postings
        while let first = rest.first {
            let end = rest.firstIndex { $0.word != first.word } ?? rest.endIndex
            tail.add(first.word, rest[..<end])
            rest = rest[end...]
        }
        if let (number, bytes) = tail.takeFullBlock() {
            try await batch.add(.write(bytes, to: ProjectionKey.block(bucket, number)))
        }
        let precondition = stored.map { StoragePrecondition.matches($0.revision) } ?? .absent
        try await batch.add(.write(tail.encoded, to: key, if: precondition))
    }
}

extension EffectError {
    /// What the projection holds under a key cannot be read.
    static func malformedProjection(_ key: StorageKey, _ cause: MalformedBytes) -> EffectError {
        EffectError(
            .corrupted,
            "The value under '\(key)' is not what Fieldnotes wrote: remove the key '\(ProjectionKey.checkpoint)' to rebuild "
                + "the projection from the journal.",
            effect: StorageEffect.name,
            cause: cause
        )
    }
}
