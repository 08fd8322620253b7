internal import AuraEffects

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// The storage's folder, held open.
///
/// Everything in it is reached from its descriptor, one name at a time and without following a link, so that nothing outside
/// can be reached, whatever is put in the place of a file or folder.
final class StorageFolder: Sendable {
    static let logName = "log"
    static let indexName = "index"
    static let lockName = "lock"

    let path: String
    private let root: OpenFile

    /// Opens the folder, making it and those above it where they are missing.
    init(_ path: String) throws(FileFailure) {
        // With a slash at its end a link would be followed.
        self.path = path.hasSuffix("/") ? String(path[...(path.lastIndex { $0 != "/" } ?? path.startIndex)]) : path
        Self.makeFolders(self.path)
        root = try OpenFile(self.path, in: AT_FDCWD, O_RDONLY | O_DIRECTORY, label: "the folder")
    }

    /// Makes missing folders, for the owner alone; what cannot be made is reported by the opening.
    private static func makeFolders(_ path: String) {
        var end = path.startIndex
        while let slash = path[end...].firstIndex(of: "/") {
            if slash > path.startIndex { _ = unsafe mkdir(String(path[..<slash]), 0o700) }
            end = path.index(after: slash)
        }
        _ = unsafe mkdir(path, 0o700)
    }

    /// Refuses to go on where the path leads to another folder by now.
    func checkPlace() throws(FileFailure) {
        var (own, found) = (stat(), stat())
        guard unsafe fstat(root.descriptor, &own) == 0 else { throw .system("the folder") }
        let isThere = unsafe fstatat(AT_FDCWD, path, &found, AT_SYMLINK_NOFOLLOW) == 0
        guard isThere, own.st_ino == found.st_ino, own.st_dev == found.st_dev else {
            throw FileFailure(reason: .replaced, file: "the folder")
        }
    }

    /// Refuses a folder that holds files of something else and no storage.
    func checkOwner() throws(FileFailure) {
        let names = try names()
        let isStorage = names.contains(Self.logName) || names.contains(Self.indexName)
        if isStorage || names.isSubset(of: [Self.lockName]) { return }
        throw FileFailure(reason: .foreign, file: "the folder")
    }

    private func names() throws(FileFailure) -> Set<String> {
        // The descriptor is the stream's from here on.
        let copy = unsafe openat(root.descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0 else { throw .system("the folder") }
        guard let stream = unsafe fdopendir(copy) else {
            close(copy)
            throw .system("the folder")
        }
        defer { unsafe closedir(stream) }
        var names: Set<String> = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { names.insert(name) }
        }
        return names
    }

    // MARK: Files of the storage

    func open(_ name: String, _ flags: Int32) throws(FileFailure) -> OpenFile {
        try OpenFile(name, in: root.descriptor, flags, label: "the file '\(name)'")
    }

    func replace(_ name: String, with newName: String) throws(FileFailure) {
        guard unsafe renameat(root.descriptor, newName, root.descriptor, name) == 0 else {
            throw .system("the file '\(name)'")
        }
    }

    func sync() throws(FileFailure) {
        try root.sync()
    }

    // MARK: Values

    /// Opens the file of a value to read it; `nil` where there is none.
    func openValue(_ name: ValueName, label: FileLabel) throws(FileFailure) -> OpenFile? {
        // A pipe that took the file's place must not block the open.
        let flags = O_RDONLY | O_NONBLOCK
        do throws(FileFailure) {
            return try OpenFile(path: name.path, below: root, flags, label: label)
        } catch {
            if error.reason == .system(ENOENT) { return nil }
            guard error.reason == .system(ENOSYS) || error.reason == .system(EPERM) else { throw error }
        }
        // The system cannot open it in one call, or a sandbox refuses that.
        guard let shard = try shard(name.shard) else { return nil }
        do throws(FileFailure) {
            return try OpenFile(name.file, in: shard.descriptor, flags, label: label)
        } catch {
            if error.reason == .system(ENOENT) { return nil }
            throw error
        }
    }

    /// The folder of some values; `nil` where there is none yet.
    private func shard(_ name: String) throws(FileFailure) -> OpenFile? {
        do throws(FileFailure) {
            return try OpenFile(name, in: root.descriptor, O_RDONLY | O_DIRECTORY, label: .folder(name))
        } catch {
            if error.reason == .system(ENOENT) { return nil }
            throw error
        }
    }

    /// The folder of some values, made where it is missing.
    func makeShard(_ name: String) throws(FileFailure) -> OpenFile {
        guard unsafe mkdirat(root.descriptor, name, 0o700) == 0 || errno == EEXIST else {
            throw .system(.folder(name))
        }
        return try OpenFile(name, in: root.descriptor, O_RDONLY | O_DIRECTORY, label: .folder(name))
    }
}
