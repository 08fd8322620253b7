internal import AuraRuntime

/// An open file of the storage, closed with its last reference.
struct OpenFile: Sendable {
    private let file: any VolumeFile
    /// How messages name it.
    let name: FileLabel

    init(_ file: any VolumeFile, label: FileLabel) {
        self.file = file
        name = label
    }

    private func failure(_ error: VolumeError) -> FileFailure {
        FileFailure(error, name)
    }

    var size: Int {
        get throws(FileFailure) {
            do throws(VolumeError) { return try file.size } catch { throw failure(error) }
        }
    }

    /// Reads up to `count` bytes: fewer at the end of the file.
    func read(_ count: Int, at offset: Int) throws(FileFailure) -> [UInt8] {
        var failed: VolumeError?
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            do throws(VolumeError) {
                filled = unsafe try file.read(into: UnsafeMutableRawBufferPointer(buffer), at: offset)
            } catch {
                failed = error
            }
        }
        if let failed { throw failure(failed) }
        return bytes
    }

    /// Reads the file's first bytes and those after them in one call.
    func read(_ count: Int, andThen restCount: Int) throws(FileFailure) -> ([UInt8], [UInt8]) {
        var failed: VolumeError?
        var first: [UInt8] = []
        let rest = unsafe [UInt8](unsafeUninitializedCapacity: restCount) { restBuffer, restFilled in
            first = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
                do throws(VolumeError) {
                    let result = unsafe try file.read(
                        into: UnsafeMutableRawBufferPointer(buffer),
                        andThen: UnsafeMutableRawBufferPointer(restBuffer)
                    )
                    filled = min(result, count)
                    restFilled = result - filled
                } catch {
                    failed = error
                }
            }
        }
        if let failed { throw failure(failed) }
        return (first, rest)
    }

    func write(_ bytes: [UInt8], at offset: Int) throws(FileFailure) {
        let written = unsafe bytes.withUnsafeBytes { buffer in
            Result { () throws(VolumeError) in unsafe try file.write(buffer, at: offset) }
        }
        if case .failure(let error) = written { throw failure(error) }
    }

    func truncate(to size: Int) throws(FileFailure) {
        do throws(VolumeError) { try file.truncate(to: size) } catch { throw failure(error) }
    }

    /// Waits until the file is on disk.
    func sync() throws(FileFailure) {
        do throws(VolumeError) { try file.sync() } catch { throw failure(error) }
    }

    /// Waits until the file's bytes are on disk.
    func syncData() throws(FileFailure) {
        do throws(VolumeError) { try file.syncData() } catch { throw failure(error) }
    }

    /// Lets the system begin to write the file to disk.
    func startWriteback() {
        file.startWriteback()
    }

    // MARK: The lock

    /// Takes the file's exclusive lock.
    ///
    /// - Throws: ``FileFailure`` with `locked` where another handler holds it.
    func lock() throws(FileFailure) {
        let isTaken: Bool
        do throws(VolumeError) { isTaken = try file.tryLock() } catch { throw failure(error) }
        if !isTaken { throw FileFailure(reason: .locked, file: name) }
    }

    func unlock() {
        file.unlock()
    }
}
