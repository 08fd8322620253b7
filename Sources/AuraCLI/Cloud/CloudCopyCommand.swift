internal import ArgumentParser
internal import AuraEffects
internal import AuraRuntime
internal import AuraTransfer
internal import Synchronization

struct CloudCopyCommand: OneBucketCommand {
    static let configuration = CommandConfiguration(
        commandName: "cp",
        abstract: "Copy a file to an object, an object to a file, or an object to another one.",
        discussion: """
            An object is written 'cloud:KEY'; a KEY or a folder that ends with a slash gets the name of the source. '-' is the \
            standard input or output stream.

            A file that is larger than --part-size is sent in parts. How far that is stands in a file beside it, FILE.aura-upload: \
            where it was stopped, the same command goes on with it. 'cp --abort' drops what was sent of it instead. A file \
            that is written appears once it is complete.

            Examples:
              aura cloud cp report.pdf cloud:reports/ --profile production --content-type application/pdf
              aura cloud cp cloud:reports/2026.pdf report.pdf --profile production
              tar c . | aura cloud cp - cloud:backups/today.tar --profile production
            """
    )

    static let use = Location.Use.orNew

    @Argument(help: "The file, 'cloud:KEY', or '-'.", completion: .file())
    var source: Place

    @Argument(help: "The file, 'cloud:KEY', or '-'.", completion: .file())
    var destination: Place

    @Option(help: ArgumentHelp("The media type of a file that is sent.", valueName: "type"))
    var contentType: String?

    @Flag(help: "Only where there is no such object or file yet.")
    var ifAbsent = false

    @Option(help: ArgumentHelp("How much is sent in one part, such as 64 MiB.", valueName: "size"))
    var partSize = "16 MiB"

    @Option(help: ArgumentHelp("Where to keep how far the upload is.", valueName: "file"), completion: .file())
    var state: String?

    @Flag(help: "Drop what an earlier run has sent of this upload, and send nothing.")
    var abort = false

    @OptionGroup var bucket: CloudOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard ByteCount(spelled: partSize).map({ $0.bytes > 0 }) == true else {
            throw ValidationError("--part-size is none: write a size with a unit, such as 16 MiB.")
        }
        switch (source, destination) {
        case (.object, .object), (.object, .file), (.file, .object): break
        case (.file, .file): throw ValidationError("One of the two is an object: write 'cloud:KEY' for it.")
        }
        if abort {
            guard case .file(let path) = source, path != "-" else {
                throw ValidationError("--abort is for the upload of a file.")
            }
        }
    }

    func run(_ opened: Opened<any ObjectStorageEffects>) async throws {
        switch (source, destination) {
        case (.file(let path), .object(let key)): try await upload(path, to: key.completed(with: path), opened)
        case (.object(let key), .file(let path)): try await download(key, to: path.completed(with: key), opened)
        case (.object(let from), .object(let key)): try await copy(from, to: key.completed(with: from), opened)
        case (.file, .file): break
        }
    }

    private var precondition: CloudPrecondition { ifAbsent ? .absent : .none }

    // MARK: To the cloud

    private func upload(_ path: String, to key: String, _ opened: Opened<any ObjectStorageEffects>) async throws {
        let metadata = ObjectMetadata(contentType: contentType)
        if path == "-" {
            let input = try ImportFile("-")
            let body = ByteStream { _ throws(EffectError) in
                let bytes = try await input.read(upTo: 262_144)
                return bytes.isEmpty ? nil : bytes
            }
            let revision = try await opened.handler.put(body, to: ObjectKey(key), metadata: metadata, if: precondition)
            return show(key, try await opened.handler.info(ObjectKey(key))?.byteCount, revision)
        }
        let file = try LocalFile(path)
        let stateFile = UploadStateFile(state ?? "\(path).aura-upload")
        if abort { return try await abortUpload(stateFile, opened) }
        let progress = BytesDisplay(opened.effects.time, "sent", of: file.byteCount, isShown: !output.json)
        defer { progress.finish() }
        let wanted = ByteCount(spelled: partSize)?.bytes ?? 16 << 20
        guard file.byteCount > wanted else {
            let body = file.body(0..<file.byteCount, whenRead: progress.add)
            let revision = try await opened.handler.put(body, to: ObjectKey(key), metadata: metadata, if: precondition)
            progress.finish()
            return show(key, file.byteCount, revision)
        }
        let fresh = UploadState(
            byteCount: file.byteCount,
            modified: file.modified,
            bucket: "\(bucket.location.text) \(opened.resolved.technology)",
            upload: ObjectUpload(key: ObjectKey(key), id: "", metadata: metadata),
            partBytes: PartedUpload.partBytes(of: file.byteCount, wanted: wanted, opened.capabilities)
        )
        let upload = PartedUpload(
            objects: opened.handler,
            file: file,
            stateFile: stateFile,
            progress: progress.add
        )
        do {
            let receipt = try await upload.run(fresh, if: precondition)
            progress.finish()
            show(key, file.byteCount, receipt.revision, parts: receipt.parts, known: receipt.known)
        } catch {
            progress.finish()
            if !output.json {
                Terminal.message("The same command goes on from \(stateFile.path); with --abort it is dropped.\n")
            }
            throw error
        }
    }

    private func abortUpload(_ file: UploadStateFile, _ opened: Opened<any ObjectStorageEffects>) async throws {
        guard let found = try await file.load() else {
            throw EffectError(
                .notFound,
                "There is no upload to drop: \(file.path) says of none. Name its state with '--state FILE'.",
                effect: opened.resolved.key,
                operation: "abortUpload",
                handler: opened.resolved.technology
            )
        }
        try await opened.handler.abortUpload(found.upload)
        await file.remove()
        let key = found.upload.key.text
        output.print(
            ["key": .string(key), "aborted": .boolean(true)],
            text: "\(BytesText.printable(key)): the upload was dropped"
        )
    }

    private func copy(_ source: String, to key: String, _ opened: Opened<any ObjectStorageEffects>) async throws {
        let revision = try await opened.handler.copy(
            ObjectKey(source),
            matching: nil,
            to: ObjectKey(key),
            if: precondition
        )
        show(key, try await opened.handler.info(ObjectKey(key))?.byteCount, revision)
    }

    private func show(
        _ key: String,
        _ byteCount: Int?,
        _ revision: CloudRevision,
        parts: Int? = nil,
        known: Int? = nil
    ) {
        let size = byteCount.map { "\(ByteCount(bytes: $0))" } ?? "stored"
        let resumed = known.map { $0 > 0 ? ", \($0) of \(parts ?? 0) parts were there" : "" } ?? ""
        output.print(
            [
                "key": .string(key), "bytes": .optional(byteCount), "revision": .string(revision.rawValue),
                "parts": .optional(parts), "partsKnown": .optional(known),
            ],
            text: "\(BytesText.printable(key)): \(size)\(resumed)"
        )
    }

    // MARK: From the cloud

    private func download(_ key: String, to path: String, _ opened: Opened<any ObjectStorageEffects>) async throws {
        if ifAbsent, path != "-", Host.exists(path) {
            throw EffectError(
                .preconditionFailed,
                "There is a '\(path)' already: name another file, or leave --if-absent out.",
                effect: opened.resolved.key,
                operation: "get",
                handler: opened.resolved.technology
            )
        }
        guard let content = try await opened.handler.get(ObjectKey(key)) else { throw opened.missing(key, in: "get") }
        let sink: any ByteSink = path == "-" ? ExportOutput() : try ExportFile(path)
        let isShown = !output.json && path != "-"
        let progress = BytesDisplay(opened.effects.time, "fetched", of: content.info.byteCount, isShown: isShown)
        defer { progress.finish() }
        for try await chunk in content.body {
            try await sink.write(chunk)
            progress.add(chunk.count)
        }
        try await sink.finish()
        progress.finish()
        // The standard output holds the object then, and nothing else.
        guard path != "-" else { return }
        output.print(
            [
                "key": .string(key), "file": .string(path), "bytes": .integer(content.info.byteCount),
                "revision": .string(content.info.revision.rawValue),
            ],
            text: "\(path): \(ByteCount(bytes: content.info.byteCount))"
        )
    }
}

/// A file or an object on the command line.
enum Place: ExpressibleByArgument, Sendable {
    case file(String)
    case object(String)

    private static let scheme = "cloud:"

    init?(argument: String) {
        guard argument.hasPrefix(Self.scheme) else {
            self = .file(argument)
            return
        }
        self = .object(String(argument.dropFirst(Self.scheme.count)))
    }
}

extension String {
    /// A key or a path that ends with a slash, or is empty, with the last part of another one behind it.
    fileprivate func completed(with source: String) -> String {
        guard isEmpty || hasSuffix("/") else { return self }
        return self + (source.split(separator: "/").last.map(String.init) ?? "")
    }
}

/// Shows how many bytes have gone.
private final class BytesDisplay: Sendable {
    private let display: ProgressDisplay?
    private let what: String
    private let total: Int
    private let done = Mutex(0)

    init(_ time: any TimeEffects, _ what: String, of total: Int, isShown: Bool) {
        display = isShown ? ProgressDisplay(time) : nil
        self.what = what
        self.total = total
    }

    func add(_ count: Int) {
        let done = done.withLock { done in
            done += count
            return done
        }
        display?.show("\(ByteCount(bytes: done)) of \(ByteCount(bytes: total)) \(what)", done: done, of: total)
    }

    func finish() {
        display?.finish()
    }
}
