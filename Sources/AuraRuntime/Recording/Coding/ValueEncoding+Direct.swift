internal import AuraEffects

extension ValueEncoding {
    /// Writes a value of the types that most calls are made of, without the machinery of `Codable` and in the same words.
    ///
    /// - Returns: Whether the value was written; nothing is written of other types.
    func writeDirectly<Value>(_ value: Value) -> Bool {
        if Value.self == [UInt8].self {
            append(unsafe unsafeBitCast(value, to: [UInt8].self))
        } else if Value.self == String.self {
            bytes.append(jsonString: unsafe unsafeBitCast(value, to: String.self))
        } else if Value.self == StorageKey.self {
            bytes.append(jsonString: unsafe unsafeBitCast(value, to: StorageKey.self).text)
        } else if Value.self == StorageRevision.self {
            bytes.append(decimal: unsafe unsafeBitCast(value, to: StorageRevision.self).rawValue)
        } else if Value.self == StoredValue.self {
            append(unsafe unsafeBitCast(value, to: StoredValue.self))
        } else if Value.self == StoredValue?.self {
            guard let value = unsafe unsafeBitCast(value, to: StoredValue?.self) else {
                bytes.append("null")
                return true
            }
            append(value)
        } else if Value.self == StoragePrecondition.self {
            append(unsafe unsafeBitCast(value, to: StoragePrecondition.self))
        } else {
            return false
        }
        return true
    }

    private func append(_ value: StoredValue) {
        bytes.append("{\"bytes\":")
        append(value.bytes)
        bytes.append(",\"revision\":")
        bytes.append(decimal: value.revision.rawValue)
        bytes.append(UInt8(ascii: "}"))
    }

    private func append(_ precondition: StoragePrecondition) {
        switch precondition {
        case .none: bytes.append("{\"none\":{}}")
        case .absent: bytes.append("{\"absent\":{}}")
        case .matches(let revision):
            bytes.append("{\"matches\":{\"_0\":")
            bytes.append(decimal: revision.rawValue)
            bytes.append("}}")
        }
    }
}
