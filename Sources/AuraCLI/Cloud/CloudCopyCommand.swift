internal import ArgumentParser
internal import AuraEffects
internal import AuraRuntime
internal import AuraTransfer

struct CloudCopyCommand: OneBucketCommand {
    static let configuration = CommandConfiguration(
        commandName: "cp",
        abstract: "Copy a file to an object, an object to a file, or an object to another one.",
        discussion: """
            An object is written 'cloud:KEY'; a KEY or a folder that ends with a slash gets the name of the source. '-' is the \
            standard input or output stream.

            A file or an object that is larger than --part-size is copied in parts. How far that is stands in a file beside \
            the local one, FILE.aura-upload or FILE.aura-download: where it was stopped, the same command goes on with it. \
            'cp --abort' drops what was copied of it instead. A file that is written appears once it is complete; until then \
            its bytes are in FILE.aura-part.

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

    @Option(help: ArgumentHelp("How much is copied before it is noted, such as 64 MiB.", valueName: "size"))
    var partSize = "16 MiB"

    @Option(help: ArgumentHelp("Where to keep how far the copy is.", valueName: "file"), completion: .file())
    var state: String?

    @Flag(help: "Drop what an earlier run has copied of it, and copy nothing.")
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
            switch (source, destination) {
            case (.file(let path), _) where path != "-", (.object, .file(let path)) where path != "-": break
            default: throw ValidationError("--abort is for a file that is sent or fetched.")
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
    private var partBytes: Int { ByteCount(spelled: partSize)?.bytes ?? 16 << 20 }

    /// The bucket as the profile names it.
    private func bucketName(_ opened: Opened<any ObjectStorageEffects>) -> String {
        "\(bucket.location.text) \(opened.resolved.technology)"
    }

    private func sayHowToGoOn<State>(_ file: TransferStateFile<State>) {
        guard !output.json, Host.exists(file.path) else { return }
        Terminal.message("The same command goes on from \(file.path); with --abort it is dropped.\n")
    }

    private func nothingToDrop(_ path: String, _ opened: Opened<any ObjectStorageEffects>) -> EffectError {
        EffectError(
            .notFound,
            "There is no copy to drop: \(path) says of none. Name its state with '--state FILE'.",
            effect: opened.resolved.key,
            operation: "cp",
            handler: opened.resolved.technology
        )
    }

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
        let stateFile = TransferStateFile<UploadState>(state ?? "\(path).aura-upload")
        if abort { return try await abortUpload(stateFile, opened) }
        let progress = BytesDisplay(opened.effects.time, "sent", isShown: !output.json)
        defer { progress.finish() }
        guard file.byteCount > partBytes else {
            let body = file.body(0..<file.byteCount, whenRead: { progress.add($0, of: file.byteCount) })
            let revision = try await opened.handler.put(body, to: ObjectKey(key), metadata: metadata, if: precondition)
            progress.finish()
            return show(key, file.byteCount, revision)
        }
        let fresh = UploadState(
            byteCount: file.byteCount,
            modified: file.modified,
            bucket: bucketName(opened),
            upload: ObjectUpload(key: ObjectKey(key), id: "", metadata: metadata),
            partBytes: PartedUpload.partBytes(of: file.byteCount, wanted: partBytes, opened.capabilities)
        )
        let upload = PartedUpload(
            objects: opened.handler,
            file: file,
            stateFile: stateFile,
            progress: { progress.add($0, of: file.byteCount) }
        )
        do {
            let receipt = try await upload.run(fresh, if: precondition)
            progress.finish()
            show(key, file.byteCount, receipt.revision, parts: receipt.parts, known: receipt.known)
        } catch {
            progress.finish()
            sayHowToGoOn(stateFile)
            throw error
        }
    }

    private func abortUpload(
        _ file: TransferStateFile<UploadState>,
        _ opened: Opened<any ObjectStorageEffects>
    ) async throws {
        guard let found = try await file.load() else { throw nothingToDrop(file.path, opened) }
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
        guard path != "-" else { return try await write(key, opened) }
        let stateFile = TransferStateFile<DownloadState>(state ?? "\(path).aura-download")
        if abort { return try await abortDownload(stateFile, path, opened) }
        let progress = BytesDisplay(opened.effects.time, "fetched", isShown: !output.json)
        defer { progress.finish() }
        let download = ResumableDownload(
            objects: opened.handler,
            key: ObjectKey(key),
            bucket: bucketName(opened),
            path: path,
            stateFile: stateFile,
            stepBytes: partBytes,
            progress: progress.add
        )
        do {
            guard let receipt = try await download.run() else { throw opened.missing(key, in: "get") }
            progress.finish()
            show(receipt, key, path)
        } catch {
            progress.finish()
            sayHowToGoOn(stateFile)
            throw error
        }
    }

    /// Writes an object to the standard output stream, and nothing else.
    private func write(_ key: String, _ opened: Opened<any ObjectStorageEffects>) async throws {
        guard let content = try await opened.handler.get(ObjectKey(key)) else { throw opened.missing(key, in: "get") }
        let sink = ExportOutput()
        for try await chunk in content.body { try await sink.write(chunk) }
    }

    private func abortDownload(
        _ file: TransferStateFile<DownloadState>,
        _ path: String,
        _ opened: Opened<any ObjectStorageEffects>
    ) async throws {
        guard let found = try await file.load() else { throw nothingToDrop(file.path, opened) }
        await file.remove()
        // It is removed where it is not finished.
        try await ExportFile(path, isResumable: true).resume(at: 0)
        output.print(
            ["key": .string(found.key.text), "file": .string(path), "aborted": .boolean(true)],
            text: "\(path): the download was dropped"
        )
    }

    private func show(_ receipt: ResumableDownload.Receipt, _ key: String, _ path: String) {
        let resumed = receipt.known > 0 ? ", \(ByteCount(bytes: receipt.known)) of it were there" : ""
        output.print(
            [
                "key": .string(key), "file": .string(path), "bytes": .integer(receipt.info.byteCount),
                "bytesKnown": .integer(receipt.known), "revision": .string(receipt.info.revision.rawValue),
            ],
            text: "\(path): \(ByteCount(bytes: receipt.info.byteCount))\(resumed)"
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
