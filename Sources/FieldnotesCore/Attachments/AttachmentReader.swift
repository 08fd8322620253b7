internal import AuraEffects

/// Reads an attachment part by part, goes on where a body broke off, and compares it with what the journal says.
actor AttachmentReader {
    private static let mostAttempts = 5

    private let attachment: Attachment
    private let objects: any ObjectStorageEffects
    private var revision: CloudRevision?
    private var body: ByteStream.Iterator?
    private var hash = SHA256()
    private var byteCount = 0
    private var attempts = 0

    init(_ attachment: Attachment, in objects: any ObjectStorageEffects) {
        self.attachment = attachment
        self.objects = objects
    }

    /// Opens the object at its beginning, or where its body broke off.
    func begin() async throws(EffectError) {
        let range = byteCount == 0 ? nil : ObjectRange(offset: byteCount)
        let condition = revision.map { ObjectReadCondition.matches($0) } ?? .none
        let name = NoteTitle.printable(attachment.file.name)
        guard let content = try await objects.get(attachment.key, range: range, if: condition) else {
            throw EffectError(
                .notFound,
                "The bytes of '\(name)' are not there (any more): another device may have detached it, or keeps its objects "
                    + "elsewhere."
            )
        }
        guard content.info.byteCount == attachment.file.byteCount else { throw damaged() }
        revision = content.info.revision
        body = content.body.makeAsyncIterator()
    }

    /// The next part; an empty one is the end, where every byte is as it was attached.
    func next() async throws(EffectError) -> [UInt8] {
        while true {
            guard var iterator = body else { return [] }
            do throws(EffectError) {
                let part = try await iterator.next()
                body = iterator
                guard let part else {
                    guard byteCount == attachment.file.byteCount, hash.finalize() == attachment.file.digest else {
                        throw damaged()
                    }
                    return []
                }
                hash.update(part)
                byteCount += part.count
                return part
            } catch {
                attempts += 1
                guard error.isRetryable, attempts < Self.mostAttempts, byteCount < attachment.file.byteCount else {
                    throw error
                }
                try await begin()
            }
        }
    }

    private func damaged() -> EffectError {
        EffectError(
            .corrupted,
            "The object of '\(NoteTitle.printable(attachment.file.name))' is not what was attached: nothing was written. "
                + "Attach the file again, or restore the object \(attachment.key)."
        )
    }
}
