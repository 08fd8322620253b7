internal import AuraEffects

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// The file system, through POSIX calls on an executor of their own.
actor PosixFolderHandler: FolderEffects {
    nonisolated let capabilities: Capabilities

    private let executor: any SerialExecutor
    private var partialFiles = 0

    /// Creates a handler.
    ///
    /// - Parameters:
    ///   - isWritable: Whether it writes files too.
    ///   - executor: Where its calls block.
    init(isWritable: Bool, executor: any SerialExecutor) {
        self.executor = executor
        capabilities = Capabilities(isWritable ? [.writable] : [])
    }

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe executor.asUnownedSerialExecutor()
    }

    func resolve(_ folder: String) async throws(EffectError) -> String {
        try EffectError.checkCancellation("resolve")
        guard let resolved = unsafe realpath(folder, nil) else { throw PosixFailure("resolve", folder).error }
        defer { unsafe free(resolved) }
        guard let path = unsafe String(validatingCString: resolved) else {
            throw PosixFailure.error(.invalidArgument, "resolve", "The path of '\(folder)' is not UTF-8.")
        }
        guard try FileStatus(path, "resolve").kind == .folder else {
            throw PosixFailure.error(.invalidArgument, "resolve", "'\(folder)' is not a folder.")
        }
        return path
    }

    func list(_ folder: String, after name: String?, limit: Int) async throws(EffectError) -> FolderPage {
        try EffectError.checkCancellation("list")
        guard limit > 0 else { throw PosixFailure.error(.invalidArgument, "list", "A page has at least one item.") }
        var (names, unreadableNames) = try FolderNames.first(limit + 1, of: folder, after: name)
        let hasMore = names.count > limit
        if hasMore { names.removeLast() }
        var items: [FolderItem] = []
        for name in names {
            do {
                let status = try FileStatus(FolderPath.join(folder, name), "list")
                items.append(
                    FolderItem(name: name, kind: status.kind, byteCount: status.byteCount, modified: status.modified)
                )
            } catch  where error.code == .notFound {
                // It was removed after its name was read.
                continue
            }
        }
        return FolderPage(
            items: items,
            next: hasMore ? names.last : nil,
            unreadableNames: name == nil ? unreadableNames : 0
        )
    }

    func read(_ file: String, from offset: Int, limit: Int) async throws(EffectError) -> [UInt8] {
        try EffectError.checkCancellation("read")
        // A pipe that took the file's place must not block the open.
        let descriptor = try FileDescriptor(opening: file, O_RDONLY | O_NONBLOCK, "read")
        guard try descriptor.status(file, "read").kind == .file else {
            throw PosixFailure.error(.invalidArgument, "read", "'\(file)' is not a file.")
        }
        return try descriptor.read(from: offset, limit: limit, file)
    }

    func replace(
        _ path: String,
        in folder: String,
        with contents: @escaping FolderContents
    ) async throws(EffectError) {
        try EffectError.checkCancellation("replace")
        guard capabilities.contains(.writable) else {
            throw PosixFailure.error(.unsupported, "replace", "The profile lets this folder handler only read.")
        }
        try FolderPath.checkInside(path, handler: Self.technology)
        let target = FolderPath.join(folder, path)
        let parent = String(target[..<(target.lastIndex(of: "/") ?? target.startIndex)])
        try makeFolders(parent)
        let partial = try openPartialFile(in: parent)
        do throws(EffectError) {
            var count = 0
            var part = try await contents(count)
            while !part.isEmpty {
                try partial.descriptor.write(part, partial.path)
                count += 1
                part = try await contents(count)
            }
            guard unsafe rename(partial.path, target) == 0 else { throw PosixFailure("replace", target).error }
        } catch {
            _ = unsafe unlink(partial.path)
            throw error
        }
    }

    /// A new file beside the one to be replaced, of a name that no import takes for a note.
    private func openPartialFile(in folder: String) throws(EffectError) -> PartialFile {
        while true {
            partialFiles += 1
            let path = FolderPath.join(folder, ".fieldnotes-partial-\(getpid())-\(partialFiles)")
            do throws(EffectError) {
                let descriptor = try FileDescriptor(opening: path, O_WRONLY | O_CREAT | O_EXCL, "replace")
                return PartialFile(path: path, descriptor: descriptor)
            } catch  where error.code == .conflict {
                // Left behind by a process that was killed and had the same number.
                continue
            }
        }
    }

    private func makeFolders(_ path: String) throws(EffectError) {
        guard !path.isEmpty, unsafe mkdir(path, 0o777) != 0 else { return }
        switch errno {
        case EEXIST: return
        case ENOENT:
            guard let slash = path.lastIndex(of: "/"), slash > path.startIndex else { break }
            try makeFolders(String(path[..<slash]))
            guard unsafe mkdir(path, 0o777) == 0 || errno == EEXIST else { break }
            return
        default: break
        }
        throw PosixFailure("replace", path).error
    }

    static let technology = "posix"
}

/// A file that is being written beside the one that it is to replace.
private struct PartialFile: ~Copyable {
    let path: String
    let descriptor: FileDescriptor
}
