package import AuraEffects
internal import Synchronization

extension Notebook {
    private static let chunkBytes = 262_144
    private static let pageEntries = 16
    private static let longestName = 255

    /// The files that are attached to a note, by name.
    package func attachments(of note: NoteID) async throws(EffectError) -> [Attachment] {
        try await attachmentSet(of: note).attachments(of: note)
    }

    /// The file of a name that is attached to a note.
    ///
    /// - Parameters:
    ///   - name: The file's name.
    ///   - note: The note.
    /// - Returns: The attachment; of several of one name the one that was attached last.
    /// - Throws: `notFound` where there is none.
    package func attachment(named name: String, of note: NoteID) async throws(EffectError) -> Attachment {
        if let found = try await attachments(of: note).last(where: { $0.file.name == name }) { return found }
        let shown = NoteTitle.printable(name)
        throw EffectError(
            .notFound,
            "Nothing of the name '\(shown)' is attached to \(note.short): 'fieldnotes fetch \(note.short)' lists what is."
        )
    }

    /// Attaches a file to a note, in place of those of its name.
    ///
    /// The bytes are stored first and the entry comes after them, so that no entry refers to bytes that never came. What is stored
    /// and never entered, as by a crash in between, takes room alone: ``removeUnreferencedObjects(of:)`` finds it.
    ///
    /// - Parameters:
    ///   - file: The file's path.
    ///   - note: The note.
    ///   - name: The name that it has as an attachment.
    ///   - contentType: The media type of its bytes.
    /// - Returns: The attachment.
    /// - Throws: What the folder, the objects and the journal throw; `conflict` where the file changes meanwhile.
    package func attach(
        _ file: String,
        to note: NoteID,
        name: String,
        contentType: String?
    ) async throws(EffectError) -> Attachment {
        guard !name.isEmpty, name.utf8.count <= Self.longestName,
            !name.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f })
        else {
            throw EffectError(
                .invalidArgument,
                "The name is none for an attachment: give 1 to \(Self.longestName) bytes without control characters."
            )
        }
        let replaced = try await attachments(of: note).filter { $0.file.name == name }.map(\.id)
        let id = EntryID(effects)
        let key = Attachment.key(of: id, in: note)
        let meter = BodyDigest()
        let folder = effects.folder
        let body = ByteStream(isRepeatable: true) { offset throws(EffectError) in
            let bytes = try await folder.read(file, from: offset, limit: Self.chunkBytes)
            meter.take(bytes, at: offset)
            return bytes.isEmpty ? nil : bytes
        }
        try await effects.objects.put(body, to: key, metadata: ObjectMetadata(contentType: contentType))
        let (byteCount, digest) = meter.result
        let attached = AttachedFile(name: name, byteCount: byteCount, digest: digest, contentType: contentType)
        let operation = NoteOperation.attached(attached, replacing: OrderedElements(replaced).elements)
        do throws(EffectError) {
            try await effects.journal.append([operation.draft(id: id)], to: note.stream)
        } catch {
            // Where nothing was appended nothing will ever refer to it.
            if error.outcome == .notApplied { await discard([key]) }
            throw error
        }
        await discard(replaced.map { Attachment.key(of: $0, in: note) })
        return Attachment(id: id, note: note, file: attached)
    }

    /// Detaches files from a note: the entry first, then the bytes.
    ///
    /// A file of the name that another device attaches meanwhile stays.
    ///
    /// - Parameters:
    ///   - name: The files' name.
    ///   - note: The note.
    /// - Returns: What was detached.
    /// - Throws: `notFound` where there is none; what the journal throws.
    @discardableResult
    package func detach(_ name: String, from note: NoteID) async throws(EffectError) -> [Attachment] {
        _ = try await attachment(named: name, of: note)
        let found = try await attachments(of: note).filter { $0.file.name == name }
        let operation = NoteOperation.detached(OrderedElements(found.map(\.id)).elements)
        try await effects.journal.append([operation.draft(id: EntryID(effects))], to: note.stream)
        await discard(found.map(\.key))
        return found
    }

    /// Writes an attachment to a file, which appears once every byte is there and compared with what the journal says.
    ///
    /// - Parameters:
    ///   - attachment: The attachment.
    ///   - path: The file's path within `folder`.
    ///   - folder: The folder.
    /// - Throws: `notFound` where the object is gone; `corrupted` where it is another one than was attached; what the objects and
    ///   the folder throw.
    package func fetch(_ attachment: Attachment, to path: String, in folder: String) async throws(EffectError) {
        let reader = AttachmentReader(attachment, in: effects.objects)
        try await reader.begin()
        try await effects.folder.replace(path, in: folder) { _ throws(EffectError) in try await reader.next() }
    }

    /// Removes the objects of a note that were detached, and could not be removed then.
    ///
    /// An object that no entry here knows stays: the entry of another device may not have arrived yet.
    ///
    /// - Parameter note: The note.
    /// - Returns: How many there were, and the keys of those that no entry knows.
    /// - Throws: What the objects and the journal throw.
    package func removeUnreferencedObjects(
        of note: NoteID
    ) async throws(EffectError) -> (removed: Int, unknown: [ObjectKey]) {
        let set = try await attachmentSet(of: note)
        let prefix = Attachment.prefix(of: note)
        let held = Set(set.attachments(of: note).map(\.key))
        let detached = Set(set.detached.map { Attachment.key(of: $0, in: note) })
        var (removed, unknown) = (0, [ObjectKey]())
        var iterator = effects.objects.objects(prefix: prefix).makeAsyncIterator()
        while let object = try await iterator.next() {
            if held.contains(object.key) { continue }
            guard detached.contains(object.key) else {
                unknown.append(object.key)
                continue
            }
            try await effects.objects.remove(object.key)
            removed += 1
        }
        return (removed, unknown)
    }

    private func attachmentSet(of note: NoteID) async throws(EffectError) -> AttachmentSet {
        var set = AttachmentSet()
        var next = Revision.first
        while true {
            let page = try await effects.journal.read(note.stream, from: next, limit: Self.pageEntries)
            guard let last = page.last else { return set }
            for entry in page where NoteOperation.Kind.ofAttachments.contains(entry.kind) {
                set.apply(try NoteOperation.read(entry), id: entry.id)
            }
            next = last.revision.next
        }
    }

    /// Removes objects that nothing refers to any more; one that stays does no harm.
    private func discard(_ keys: [ObjectKey]) async {
        for key in keys {
            do throws(EffectError) {
                try await effects.objects.remove(key)
            } catch {
                return
            }
        }
    }
}

/// The digest of a body that is read from its beginning to its end, perhaps several times.
private final class BodyDigest: Sendable {
    private struct State {
        var hash = SHA256()
        var byteCount = 0
    }

    private let state = Mutex(State())

    func take(_ bytes: [UInt8], at offset: Int) {
        state.withLock { state in
            if offset == 0 { state = State() }
            state.hash.update(bytes)
            state.byteCount += bytes.count
        }
    }

    var result: (byteCount: Int, digest: SHA256Digest) {
        state.withLock { ($0.byteCount, $0.hash.finalize()) }
    }
}
