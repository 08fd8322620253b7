internal import AuraEffects
internal import AuraTransfer
internal import Glibc
internal import Measuring

/// A file that an export is written to; it is synced at the end.
actor ExportFileSink: ByteSink {
    private let file: UnsafeMutablePointer<FILE>

    init(_ path: String) throws {
        guard let file = fopen(path, "w") else { throw FileFailure("write", path) }
        setvbuf(file, nil, _IONBF, 0)
        self.file = file
    }

    func write(_ bytes: [UInt8]) throws(EffectError) {
        guard fwrite(bytes, 1, bytes.count, file) == bytes.count else {
            throw EffectError(.unavailable, "The export cannot be written.")
        }
    }

    func finish() throws(EffectError) {
        guard fsync(fileno(file)) == 0, fclose(file) == 0 else {
            throw EffectError(.unavailable, "The export cannot be synced.")
        }
    }
}

/// A file that an import is read from.
actor ExportFileSource: ByteSource {
    private let descriptor: Int32

    init(_ path: String) throws {
        descriptor = open(path, O_RDONLY)
        guard descriptor >= 0 else { throw FileFailure("read", path) }
    }

    deinit {
        close(descriptor)
    }

    func read(upTo count: Int) throws(EffectError) -> [UInt8] {
        let descriptor = descriptor
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            filled = max(0, Glibc.read(descriptor, buffer.baseAddress, count))
        }
        return bytes
    }
}
