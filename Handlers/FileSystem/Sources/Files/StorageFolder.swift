internal import AuraEffects
internal import AuraRuntime

/// The storage's folder, held open: everything in it is reached from here.
final class StorageFolder: Sendable {
    static let logName = "log"
    static let indexName = "index"
    static let lockName = "lock"

    private let root: any VolumeFolder

    /// Opens the folder, making it and those above it where they are missing.
    init(_ path: String, on volume: any FileVolume) throws(FileFailure) {
        root = try Self.mapping("the folder") { () throws(VolumeError) in try volume.folder(at: path, creating: true) }
    }

    private static func mapping<Result>(
        _ label: @autoclosure () -> FileLabel,
        _ body: () throws(VolumeError) -> Result
    ) throws(FileFailure) -> Result {
        do throws(VolumeError) {
            return try body()
        } catch {
            throw FileFailure(error, label())
        }
    }

    /// Refuses to go on where the path leads to another folder by now.
    func checkPlace() throws(FileFailure) {
        let isInPlace = try Self.mapping("the folder") { () throws(VolumeError) in try root.isInPlace }
        guard isInPlace else { throw FileFailure(reason: .replaced, file: "the folder") }
    }

    /// Refuses a folder that holds files of something else and no storage.
    func checkOwner() throws(FileFailure) {
        let names = Set(try Self.mapping("the folder") { () throws(VolumeError) in try root.names })
        let isStorage = names.contains(Self.logName) || names.contains(Self.indexName)
        if isStorage || names.isSubset(of: [Self.lockName]) { return }
        throw FileFailure(reason: .foreign, file: "the folder")
    }

    // MARK: Files of the storage

    func open(_ name: String, _ options: VolumeFileOptions) throws(FileFailure) -> OpenFile {
        let label: FileLabel = "the file '\(name)'"
        let file = try Self.mapping(label) { () throws(VolumeError) in try root.file(name, options) }
        return OpenFile(file, label: label)
    }

    func replace(_ name: String, with newName: String) throws(FileFailure) {
        try Self.mapping("the file '\(name)'") { () throws(VolumeError) in try root.rename(newName, to: name) }
    }

    func sync() throws(FileFailure) {
        try Self.mapping("the folder") { () throws(VolumeError) in try root.sync() }
    }

    // MARK: Values

    /// Opens the file of a value to read it; `nil` where there is none.
    func openValue(_ name: ValueName, label: FileLabel) throws(FileFailure) -> OpenFile? {
        do throws(VolumeError) {
            return OpenFile(try root.file(name.path, []), label: label)
        } catch {
            if error == .notFound { return nil }
            throw FileFailure(error, label)
        }
    }

    /// The folder of some values, made where it is missing.
    func makeShard(_ name: String) throws(FileFailure) -> OpenFolder {
        let folder = try Self.mapping(.folder(name)) { () throws(VolumeError) in
            try root.folder(name, creating: true)
        }
        return OpenFolder(folder, label: .folder(name))
    }
}
