#if OpenSSL
/// Encodings of OpenSSL's objects.
enum DER {
    /// The bytes that one of OpenSSL's `i2d` functions writes for an object; none where it fails.
    static func bytes(
        of object: OpaquePointer,
        _ encode: (OpaquePointer, UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?) -> Int32
    ) -> [UInt8] {
        let count = Int(unsafe encode(object, nil))
        guard count > 0 else { return [] }
        return unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            var end = buffer.baseAddress
            filled = unsafe max(0, Int(encode(object, &end)))
        }
    }
}
#endif
