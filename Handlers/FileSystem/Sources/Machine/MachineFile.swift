internal import AuraRuntime
internal import CFileSystem

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// An open file of the machine.
final class MachineFile: VolumeFile {
    private let descriptor: Int32

    /// Takes over what an opening call returned.
    ///
    /// - Throws: ``VolumeError`` where the call has failed.
    init(_ descriptor: Int32) throws(VolumeError) {
        self.descriptor = descriptor
        if descriptor < 0 { throw .latest }
    }

    deinit {
        close(descriptor)
    }

    private var status: stat {
        get throws(VolumeError) {
            var status = stat()
            guard unsafe fstat(descriptor, &status) == 0 else { throw .latest }
            return status
        }
    }

    var size: Int {
        get throws(VolumeError) { Int(try status.st_size) }
    }

    var number: UInt64 {
        get throws(VolumeError) { UInt64(try status.st_ino) }
    }

    // MARK: Reading and writing

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(VolumeError) -> Int {
        var filled = 0
        while filled < buffer.count {
            let rest = unsafe buffer.baseAddress.map { unsafe $0 + filled }
            let result = unsafe pread(descriptor, rest, buffer.count - filled, off_t(offset + filled))
            if result == 0 { break }
            if result > 0 {
                filled += result
            } else if errno != EINTR {
                throw .latest
            }
        }
        return filled
    }

    func read(
        into first: UnsafeMutableRawBufferPointer,
        andThen second: UnsafeMutableRawBufferPointer
    ) throws(VolumeError) -> Int {
        var parts = unsafe (
            iovec(iov_base: first.baseAddress, iov_len: first.count),
            iovec(iov_base: second.baseAddress, iov_len: second.count)
        )
        let result = unsafe withUnsafeBytes(of: &parts) { parts in
            unsafe preadv(descriptor, parts.baseAddress?.assumingMemoryBound(to: iovec.self), 2, 0)
        }
        if result == first.count + second.count { return result }
        let count = unsafe try read(into: first, at: 0)
        return count < first.count ? count : unsafe try count + read(into: second, at: count)
    }

    func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(VolumeError) {
        var written = 0
        while written < bytes.count {
            let rest = unsafe bytes.baseAddress.map { unsafe $0 + written }
            let result = unsafe pwrite(descriptor, rest, bytes.count - written, off_t(offset + written))
            if result >= 0 {
                written += result
            } else if errno != EINTR {
                throw .latest
            }
        }
    }

    func truncate(to size: Int) throws(VolumeError) {
        guard ftruncate(descriptor, off_t(size)) == 0 else { throw .latest }
    }

    // MARK: Durability

    func sync() throws(VolumeError) {
        try syncToDisk(descriptor)
    }

    func syncData() throws(VolumeError) {
        #if canImport(Darwin)
        try sync()
        #else
        guard fdatasync(descriptor) == 0 else { throw .latest }
        #endif
    }

    func startWriteback() {
        aura_start_writeback(descriptor)
    }

    // MARK: The lock

    func tryLock() throws(VolumeError) -> Bool {
        switch aura_try_lock(descriptor) {
        case 1: true
        case 0: false
        default: throw .latest
        }
    }

    func unlock() {
        aura_unlock(descriptor)
    }
}
