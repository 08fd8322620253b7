package import AuraEffects

/// Takes a tree of text files into a notebook.
///
/// A file's note and its operations have ids that follow from the file's path and text. So an import that was
/// interrupted, at whatever moment, is simply run again: what is in the journal stays as it is, the rest is added.
package struct Importer {
    /// A file that is to be appended with others.
    private struct Pending {
        var appends: [StreamAppend] = []
        var byteCount = 0
        var added = 0
        var edited = 0
    }

    private let notebook: Notebook
    private let folder: any FolderEffects
    private let tags: [NoteTag]
    private let progress: (ImportProgress) -> Void

    private var report = ImportReport()
    private var pending = Pending()
    private var readBytes = 0
    private var readFiles = 0

    /// Creates an import.
    ///
    /// - Parameters:
    ///   - notebook: Where the notes go.
    ///   - tags: Tags for the notes that it adds.
    ///   - progress: Is told where the import is.
    package init(into notebook: Notebook, tags: [NoteTag] = [], progress: @escaping (ImportProgress) -> Void = { _ in })
    {
        self.notebook = notebook
        folder = notebook.effects.folder
        self.tags = tags.canonical
        self.progress = progress
    }

    /// Imports a folder.
    ///
    /// - Parameters:
    ///   - path: The folder's path.
    ///   - name: What its notes remember as their source: by default the folder's absolute path.
    /// - Returns: What was done.
    /// - Throws: `cancelled` when the task is cancelled; what was appended until then stays.
    package mutating func run(_ path: String, named name: String? = nil) async throws(EffectError) -> ImportReport {
        let root = try await resolve(path)
        let source = name ?? root
        try await notebook.catchUp { [progress] in progress(.indexing(entries: $0)) }
        let (files, bytes) = try await count(root)
        var walk = FolderWalk(root, in: folder)
        while let file = try await walk.next() {
            do {
                try await take(file, at: FolderPath.join(root, file.path), from: source)
            } catch  where error.isOfOneItem && error.effect == FolderEffect.name {
                report.skipped.unreadable += 1
            }
            readFiles += 1
            readBytes += file.byteCount
            progress(.reading(files: readFiles, ofFiles: files, bytes: readBytes, ofBytes: bytes))
        }
        try await flush()
        try await notebook.catchUp { [progress] in progress(.indexing(entries: $0)) }
        var result = report
        result.skipped.add(walk.skipped)
        return result
    }

    private func resolve(_ path: String) async throws(EffectError) -> String {
        do throws(EffectError) {
            return try await folder.resolve(path)
        } catch  where [.notFound, .invalidArgument, .permissionDenied].contains(error.code) {
            var error = error
            error.message += " Give a folder that you may read, by its absolute path or from the working directory on."
            throw error
        }
    }

    private func count(_ root: String) async throws(EffectError) -> (files: Int, bytes: Int) {
        var walk = FolderWalk(root, in: folder)
        var files = 0
        var bytes = 0
        while let file = try await walk.next() {
            files += 1
            bytes += file.byteCount
            if files.isMultiple(of: 1000) { progress(.counting(files: files)) }
        }
        return (files, bytes)
    }

    private mutating func take(_ file: WalkedFile, at path: String, from source: String) async throws(EffectError) {
        try EffectError.checkCancellation("import")
        let source = NoteSource(name: source, path: file.path)
        let note = NoteID(source: source)
        let size = notebook.writer.chunkByteCount
        let reading = try await FileReading.read(path, in: folder, chunkByteCount: size)
        switch reading {
        case .notText:
            report.skipped.notText += 1
        case .small(let text):
            try await add(
                .inline(text),
                of: note,
                from: source,
                modified: file.modified,
                known: notebook.record(of: note)
            )
        case .large(let large):
            let record = try await notebook.record(of: note)
            let content = ChunkedText(
                digest: large.digest,
                byteCount: large.byteCount,
                chunkByteCount: large.chunkByteCount,
                milliseconds: file.modified
            )
            if record?.holds(large.digest) != true, try await !appendChunks(of: content, large, at: path, to: note) {
                report.skipped.changing += 1
                return
            }
            try await add(.chunked(content), of: note, from: source, modified: file.modified, known: record)
        }
    }

    /// Plans the operation that a file calls for, if any.
    private mutating func add(
        _ content: NoteContent,
        of note: NoteID,
        from source: NoteSource,
        modified: UInt64,
        known record: NoteRecord?
    ) async throws(EffectError) {
        report.textBytes += content.byteCount
        let digest = content.digest
        if record?.holds(digest) == true {
            report.unchanged += 1
            return
        }
        let draft: JournalEntry.Draft
        if let replaced = record?.seenTexts {
            // It names the texts that it replaces: a file that goes back to an earlier text is an edit of its own.
            let id = EntryID(milliseconds: modified, "note.edited") { writer in
                writer.fixed(note.rawValue)
                for entry in replaced { writer.fixed(entry.rawValue) }
                writer.digest(digest)
            }
            draft = NoteOperation.edited(content, replacing: replaced).draft(id: id)
            pending.edited += 1
        } else {
            let id = EntryID(milliseconds: modified, "note.added") { writer in
                writer.fixed(note.rawValue)
                writer.digest(digest)
            }
            draft = NoteOperation.added(content, tags: tags, source: source).draft(id: id)
            pending.added += 1
        }
        pending.appends.append(StreamAppend([draft], to: note.stream))
        pending.byteCount += draft.payload.count
        let writer = notebook.writer
        if pending.appends.count >= writer.appendEntries || pending.byteCount >= writer.appendByteCount {
            try await flush()
        }
    }

    private mutating func flush() async throws(EffectError) {
        guard !pending.appends.isEmpty else { return }
        try await notebook.writer.append(pending.appends)
        report.added += pending.added
        report.edited += pending.edited
        pending = Pending()
    }

    /// Reads a large file again and appends its chunks.
    ///
    /// - Returns: Whether the file was still the same; if not, its last chunks were not appended.
    private func appendChunks(
        of content: ChunkedText,
        _ file: LargeFile,
        at path: String,
        to note: NoteID
    ) async throws(EffectError) -> Bool {
        let folder = folder
        do {
            try await notebook.writer.appendChunks(of: content, to: note) { index throws(EffectError) in
                let offset = index * file.chunkByteCount
                let bytes = try await folder.read(path, from: offset, limit: file.chunkByteCount)
                guard SHA256.hash(bytes) == file.chunkDigests[index] else { throw .fileChanged }
                return bytes
            }
            return true
        } catch  where error.code == .fileChanged {
            return false
        }
    }
}

extension EffectError {
    fileprivate static var fileChanged: EffectError {
        EffectError(.fileChanged, "The file was written to while it was read.")
    }
}

extension EffectError.Code {
    fileprivate static let fileChanged = EffectError.Code(rawValue: "fileChanged")
}

extension SkippedItems {
    fileprivate mutating func add(_ other: SkippedItems) {
        compressed += other.compressed
        notText += other.notText
        hidden += other.hidden
        links += other.links
        special += other.special
        unreadableNames += other.unreadableNames
        unreadable += other.unreadable
        changing += other.changing
    }
}
