/// Names compare by their bytes: `==` on strings would take composed and decomposed letters for the same text.
extension String {
    /// Whether both texts have the same UTF-8 bytes.
    func hasSameBytes(as other: String) -> Bool {
        var (left, right) = (self, other)
        return left.withUTF8 { left in
            right.withUTF8 { right in areEqual(UnsafeRawBufferPointer(left), UnsafeRawBufferPointer(right)) }
        }
    }

    /// Mixes the text's UTF-8 bytes into a hash.
    func hashBytes(into hasher: inout Hasher) {
        var text = self
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}

// A word at a time: names are looked up once an entry.
private func areEqual(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
    guard left.count == right.count else { return false }
    var offset = 0
    while offset &+ 8 <= left.count {
        let leftWord = left.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
        guard leftWord == right.loadUnaligned(fromByteOffset: offset, as: UInt64.self) else { return false }
        offset &+= 8
    }
    return left[offset...].elementsEqual(right[offset...])
}
