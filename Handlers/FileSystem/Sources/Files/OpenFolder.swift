internal import AuraRuntime

/// An open folder of values, closed with its last reference.
struct OpenFolder: Sendable {
    private let folder: any VolumeFolder
    /// How messages name it.
    let name: FileLabel

    init(_ folder: any VolumeFolder, label: FileLabel) {
        self.folder = folder
        name = label
    }

    /// Makes a file, or empties the one that is there.
    func makeFile(_ name: String, label: FileLabel) throws(FileFailure) -> OpenFile {
        do throws(VolumeError) {
            return OpenFile(try folder.file(name, [.write, .create, .truncate]), label: label)
        } catch {
            throw FileFailure(error, label)
        }
    }

    /// Lets a file take the place of another one.
    func rename(_ file: OpenFile, _ name: String, to newName: String) throws(FileFailure) {
        do throws(VolumeError) { try folder.rename(name, to: newName) } catch { throw FileFailure(error, file.name) }
    }

    /// Removes a file where it is there.
    func remove(_ name: String) throws(FileFailure) {
        do throws(VolumeError) {
            try folder.remove(name)
        } catch {
            if error != .notFound { throw FileFailure(error, self.name) }
        }
    }

    /// Waits until the folder's names are on disk.
    func sync() throws(FileFailure) {
        do throws(VolumeError) { try folder.sync() } catch { throw FileFailure(error, name) }
    }
}
