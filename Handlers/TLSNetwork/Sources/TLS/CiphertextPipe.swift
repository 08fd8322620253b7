#if TLSNetwork
internal import COpenSSL
internal import NIOCore
internal import NIOPosix

/// What OpenSSL reads from and writes to in the place of a socket: buffers of SwiftNIO, so that ciphertext is moved once.
final class CiphertextPipe {
    /// What came from the peer and OpenSSL has not taken.
    private var incoming = ByteBuffer()
    /// What OpenSSL wants to be sent.
    private var outgoing = ByteBuffer()

    init() {}

    /// Adds what came from the peer.
    func receive(_ bytes: ByteBuffer) {
        if incoming.readableBytes == 0 {
            incoming = bytes
        } else {
            incoming.writeImmutableBuffer(bytes)
        }
    }

    /// Makes room for what is about to be encrypted.
    func reserve(_ count: Int) {
        if outgoing.capacity == 0, count <= Self.mostSpare { outgoing = Self.takeSpare() }
        outgoing.reserveCapacity(minimumWritableBytes: count)
    }

    /// Takes out what is to be sent; `nil` where there is nothing.
    func takeOutgoing() -> ByteBuffer? {
        guard outgoing.readableBytes > 0 else { return nil }
        defer { outgoing = ByteBuffer() }
        if outgoing.capacity <= Self.mostSpare { unsafe Self.spare.currentValue = Spare(outgoing) }
        return outgoing
    }

    // MARK: Memory that is used again

    /// What was sent last on an event loop: as a rule the socket has taken all of it before the next is encrypted.
    private final class Spare {
        let buffer: ByteBuffer

        init(_ buffer: ByteBuffer) {
            self.buffer = buffer
        }
    }

    /// Larger buffers are not kept.
    private static let mostSpare = 512 * 1024
    // Safe to share: each thread sees its own value.
    private nonisolated(unsafe) static let spare = ThreadSpecificVariable<Spare>()

    private static func takeSpare() -> ByteBuffer {
        guard var buffer = unsafe spare.currentValue?.buffer else { return ByteBuffer() }
        unsafe spare.currentValue = nil
        // Makes new memory where the socket still needs the old.
        buffer.clear()
        return buffer
    }

    /// Makes the `BIO` that leads here; it must not be used after this object is gone.
    func makeBIO() -> OpaquePointer? {
        guard let bio = unsafe BIO_new(Self.method) else { return nil }
        unsafe BIO_set_data(bio, Unmanaged.passUnretained(self).toOpaque())
        unsafe BIO_set_init(bio, 1)
        return unsafe bio
    }

    private func read(_ bio: OpaquePointer, into buffer: UnsafeMutableRawBufferPointer) -> Int32 {
        unsafe aura_bio_clear_retry(bio)
        let count = min(buffer.count, incoming.readableBytes)
        guard count > 0 else {
            unsafe aura_bio_set_retry_read(bio)
            return -1
        }
        unsafe incoming.readWithUnsafeReadableBytes { bytes in
            unsafe buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<count]))
            return count
        }
        if incoming.readableBytes == 0 { incoming = ByteBuffer() }
        return Int32(count)
    }

    // Safe to share: nothing changes the table after it is filled.
    private nonisolated(unsafe) static let method: OpaquePointer? = {
        guard let method = unsafe BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "ByteBuffer") else {
            return nil
        }
        unsafe BIO_meth_set_read(method) { bio, bytes, count in
            guard let bio = unsafe bio, let bytes = unsafe bytes, let pipe = unsafe CiphertextPipe.of(bio) else {
                return -1
            }
            return unsafe pipe.read(bio, into: UnsafeMutableRawBufferPointer(start: bytes, count: Int(count)))
        }
        unsafe BIO_meth_set_write(method) { bio, bytes, count in
            guard let bio = unsafe bio, let bytes = unsafe bytes, let pipe = unsafe CiphertextPipe.of(bio) else {
                return -1
            }
            unsafe pipe.outgoing.writeBytes(UnsafeRawBufferPointer(start: bytes, count: Int(count)))
            return count
        }
        unsafe BIO_meth_set_ctrl(method) { _, command, _, _ in
            // OpenSSL flushes after each flight; here the event loop does.
            command == BIO_CTRL_FLUSH ? 1 : 0
        }
        return unsafe method
    }()

    private static func of(_ bio: OpaquePointer) -> CiphertextPipe? {
        guard let data = unsafe BIO_get_data(bio) else { return nil }
        return unsafe Unmanaged<CiphertextPipe>.fromOpaque(data).takeUnretainedValue()
    }
}
#endif
