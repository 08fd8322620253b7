internal import AuraRuntime
internal import CFileSystem

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// An open folder of the machine.
///
/// Everything in it is reached from its descriptor and without following a link, so that nothing outside can be reached,
/// whatever is put in the place of a file or folder.
final class MachineFolder: VolumeFolder {
    private let descriptor: Int32
    private let path: String?

    /// Opens a folder; a link in its place is refused.
    ///
    /// - Parameters:
    ///   - name: The folder's name, or its path where `folder` is the working directory.
    ///   - folder: The descriptor of the folder above, or `AT_FDCWD`.
    ///   - path: The path from the working directory, where it is known.
    /// - Throws: ``VolumeError`` where it cannot be opened, or is a link.
    init(_ name: String, in folder: Int32, path: String? = nil) throws(VolumeError) {
        self.path = path
        descriptor = unsafe openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        if descriptor < 0 { throw .latest }
    }

    deinit {
        close(descriptor)
    }

    var isInPlace: Bool {
        get throws(VolumeError) {
            guard let path else { return true }
            var (own, found) = (stat(), stat())
            guard unsafe fstat(descriptor, &own) == 0 else { throw .latest }
            let isThere = unsafe fstatat(AT_FDCWD, path, &found, AT_SYMLINK_NOFOLLOW) == 0
            return isThere && own.st_ino == found.st_ino && own.st_dev == found.st_dev
        }
    }

    var names: [String] {
        get throws(VolumeError) {
            // The descriptor is the stream's from here on.
            let copy = unsafe openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            guard copy >= 0 else { throw .latest }
            guard let stream = unsafe fdopendir(copy) else {
                let error = VolumeError.latest
                close(copy)
                throw error
            }
            defer { unsafe closedir(stream) }
            var names: [String] = []
            while let entry = unsafe readdir(stream) {
                let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                    unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
                }
                if name != "." && name != ".." { names.append(name) }
            }
            return names
        }
    }

    // MARK: Opening

    func file(_ path: String, _ options: VolumeFileOptions) throws(VolumeError) -> any VolumeFile {
        guard path.utf8.contains(UInt8(ascii: "/")) else {
            return try MachineFile(unsafe openat(descriptor, path, Self.flags(options) | O_NOFOLLOW, 0o600))
        }
        if !options.contains(.create) {
            do throws(VolumeError) {
                return try MachineFile(unsafe aura_open_without_links(descriptor, path, Self.flags(options)))
            } catch {
                guard error.rawValue == ENOSYS || error.rawValue == EPERM else { throw error }
            }
        }
        // The system cannot open it in one call, or a sandbox refuses that.
        let parts = path.split(separator: "/", maxSplits: 1).map(String.init)
        return try MachineFolder(parts[0], in: descriptor).file(parts[1], options)
    }

    private static func flags(_ options: VolumeFileOptions) -> Int32 {
        // A pipe that took the file's place must not block the opening.
        guard options.contains(.write) else { return O_RDONLY | O_CLOEXEC | O_NONBLOCK }
        var flags = O_RDWR | O_CLOEXEC
        if options.contains(.create) { flags |= O_CREAT }
        if options.contains(.exclusive) { flags |= O_EXCL }
        if options.contains(.truncate) { flags |= O_TRUNC }
        return flags
    }

    func folder(_ name: String, creating: Bool) throws(VolumeError) -> any VolumeFolder {
        if creating {
            guard unsafe mkdirat(descriptor, name, 0o700) == 0 || errno == EEXIST else { throw .latest }
        }
        return try MachineFolder(name, in: descriptor)
    }

    // MARK: Names

    func rename(_ name: String, to newName: String) throws(VolumeError) {
        guard unsafe renameat(descriptor, name, descriptor, newName) == 0 else { throw .latest }
    }

    func link(_ name: String, as newName: String) throws(VolumeError) {
        guard unsafe linkat(descriptor, name, descriptor, newName, 0) == 0 else { throw .latest }
    }

    func remove(_ name: String) throws(VolumeError) {
        guard unsafe unlinkat(descriptor, name, 0) == 0 else { throw .latest }
    }

    func sync() throws(VolumeError) {
        try syncToDisk(descriptor)
    }
}

/// Waits until a file or folder is on disk.
func syncToDisk(_ descriptor: Int32) throws(VolumeError) {
    #if canImport(Darwin)
    // There fsync leaves the bytes in the drive's cache.
    guard fcntl(descriptor, F_FULLFSYNC) == 0 || fsync(descriptor) == 0 else { throw .latest }
    #else
    guard fsync(descriptor) == 0 else { throw .latest }
    #endif
}
