#if OpenSSL
internal import COpenSSL

/// Bytes that OpenSSL reads from or writes to, freed with their last reference.
///
/// What is written is in memory that OpenSSL clears before it frees it.
@safe
final class MemoryBIO {
    let pointer: OpaquePointer

    /// Creates an empty one to write to; `nil` where there is no memory.
    init?() {
        guard let pointer = unsafe BIO_new(BIO_s_secmem()) else { return nil }
        unsafe self.pointer = pointer
    }

    /// Creates one with bytes to read; `nil` where there is no memory.
    init?(_ bytes: [UInt8]) {
        guard let pointer = unsafe BIO_new(BIO_s_secmem()) else { return nil }
        unsafe self.pointer = pointer
        let count = unsafe bytes.withUnsafeBytes { unsafe BIO_write(pointer, $0.baseAddress, Int32($0.count)) }
        guard count == bytes.count else { return nil }
    }

    deinit {
        unsafe BIO_free(pointer)
    }

    /// A copy of the bytes that were written and not read.
    var bytes: [UInt8] {
        let count = unsafe BIO_ctrl_pending(pointer)
        var start: UnsafeMutablePointer<CChar>?
        guard unsafe BIO_ctrl(pointer, BIO_CTRL_INFO, 0, &start) > 0, let start = unsafe start else { return [] }
        return unsafe Array(UnsafeRawBufferPointer(start: start, count: count))
    }
}
#endif
