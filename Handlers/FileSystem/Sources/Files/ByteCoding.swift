internal import AuraEffects
internal import AuraRuntime

extension [UInt8] {
    /// Appends an integer, its lowest byte first.
    mutating func append(littleEndian value: some FixedWidthInteger) {
        unsafe Swift.withUnsafeBytes(of: value.littleEndian) { bytes in unsafe append(contentsOf: bytes) }
    }

    /// The integer at an offset.
    func integer<Value: FixedWidthInteger>(at offset: Int, as type: Value.Type = Value.self) -> Value {
        unsafe withUnsafeBytes { bytes in
            unsafe Value(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Value.self))
        }
    }

    /// The text of some of the bytes.
    func text(_ range: Range<Int>) -> String {
        unsafe withUnsafeBytes { bytes in
            unsafe String(decoding: UnsafeRawBufferPointer(rebasing: bytes[range]), as: UTF8.self)
        }
    }

    /// The checksum of some of the bytes.
    func checksum(_ range: Range<Int>, seed: UInt64 = 0) -> UInt64 {
        unsafe withUnsafeBytes { bytes in
            unsafe XXHash64.hash(UnsafeRawBufferPointer(rebasing: bytes[range]), seed: seed)
        }
    }

    /// Appends the checksum of all bytes so far.
    mutating func appendChecksum() {
        append(littleEndian: checksum(0..<count))
    }

    /// Whether the bytes from `end` on are the checksum of those before.
    func hasChecksum(at end: Int) -> Bool {
        count >= end + 8 && checksum(0..<end) == integer(at: end)
    }

    /// Whether the bytes begin with those of a mark, which is eight letters long.
    ///
    /// - Throws: ``FileFailure`` with `newer` where only the version, the mark's last letter, differs; `damaged` otherwise.
    func checkMark(_ mark: StaticString, of file: FileLabel) throws(FileFailure) {
        if hasMark(mark) { return }
        let expected = [UInt8](mark: mark)
        throw FileFailure(reason: starts(with: expected.dropLast()) ? .newer : .damaged, file: file)
    }

    /// Whether the bytes begin with those of a mark.
    func hasMark(_ mark: StaticString) -> Bool {
        mark.withUTF8Buffer { unsafe starts(with: $0) }
    }

    init(mark: StaticString) {
        self = mark.withUTF8Buffer { unsafe Array($0) }
    }
}

extension StorageKey {
    /// Compares the bytes of a key with those of another one: negative where they come first.
    func order(against other: UnsafeRawBufferPointer) -> Int {
        var text = text
        return text.withUTF8 { own in
            let shared = min(own.count, other.count)
            for index in 0..<shared {
                let (left, right) = unsafe (own[index], other[index])
                if left != right { return left < right ? -1 : 1 }
            }
            return own.count - other.count
        }
    }
}
