internal import AuraRuntime
internal import CFileSystem

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// The machine's own file system.
final class MachineVolume: FileVolume {
    static let shared = MachineVolume()

    func folder(at path: String, creating: Bool) throws(VolumeError) -> any VolumeFolder {
        // With a slash at its end a link would be followed.
        let path = path.hasSuffix("/") ? String(path[...(path.lastIndex { $0 != "/" } ?? path.startIndex)]) : path
        if creating { try makeFolders(path) }
        return try MachineFolder(path, in: AT_FDCWD, path: path)
    }

    /// Makes missing folders, for the owner alone; what cannot be made is reported by the opening.
    private func makeFolders(_ path: String) throws(VolumeError) {
        var end = path.startIndex
        while let slash = path[end...].firstIndex(of: "/") {
            if slash > path.startIndex { try makeFolder(path[..<slash]) }
            end = path.index(after: slash)
        }
        try makeFolder(path[...])
    }

    private func makeFolder(_ path: Substring) throws(VolumeError) {
        guard unsafe mkdir(String(path), 0o700) == 0 else { return }
        // Else a crash of the machine may take the folder away, and all that was synced in it.
        let parent = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        do throws(VolumeError) {
            try MachineFolder(parent, in: AT_FDCWD).sync()
        } catch {
            // Else the next opening would take it for durable.
            _ = unsafe rmdir(String(path))
            throw error
        }
    }
}

extension VolumeError {
    /// What `errno` says now.
    static var latest: VolumeError { VolumeError(rawValue: errno) }
}
