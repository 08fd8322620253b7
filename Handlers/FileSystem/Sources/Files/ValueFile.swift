internal import AuraEffects
internal import AuraRuntime

/// A value's file: a header, the key, and the value's bytes.
enum ValueFile {
    /// What is stored beside a value's bytes.
    struct Header {
        var revision: UInt64
        var checksum: UInt64
    }

    private static let mark: StaticString = "AuraVal1"
    private static let headerSize = 32

    /// The bytes of a file.
    static func encode(_ key: StorageKey, _ header: Header, _ bytes: [UInt8]) -> [UInt8] {
        let keyBytes = key.text.utf8
        var file = [UInt8](mark: mark)
        file.reserveCapacity(headerSize + keyBytes.count + bytes.count)
        file.append(littleEndian: header.revision)
        file.append(littleEndian: header.checksum)
        file.append(littleEndian: UInt64(keyBytes.count))
        file.append(contentsOf: keyBytes)
        file.append(contentsOf: bytes)
        return file
    }

    /// The value in the file of a key; `nil` where there is no file.
    ///
    /// - Throws: ``FileFailure`` with `damagedValue` where the file does not hold this key's value as it was written.
    static func read(_ key: StorageKey, in folder: StorageFolder) throws(FileFailure) -> StoredValue? {
        guard let file = try folder.openValue(ValueName(key), label: .value(key)) else { return nil }
        let keySize = key.text.utf8.count
        let valueSize = try file.size - headerSize - keySize
        let damage = FileFailure(reason: .damagedValue, file: file.name)
        guard valueSize >= 0 else { throw damage }
        let (header, bytes) = try file.read(headerSize + keySize, andThen: valueSize)
        guard header.count == headerSize + keySize, bytes.count == valueSize else { throw damage }
        let revision: UInt64 = header.integer(at: 8)
        let isKey =
            header.hasMark(mark) && header.integer(at: 24) == UInt64(keySize)
            && key.text.utf8.elementsEqual(header[headerSize...])
        let checksum = unsafe bytes.withUnsafeBytes {
            unsafe XXHash64.checksum(key: key, revision: revision, bytes: $0)
        }
        guard isKey, checksum == header.integer(at: 16) else { throw damage }
        return StoredValue(bytes: bytes, revision: StorageRevision(rawValue: revision))
    }
}
