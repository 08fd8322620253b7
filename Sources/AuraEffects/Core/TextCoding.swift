/// Values that are a text of their own are coded as that text.
extension Encoder {
    /// Writes a text as the whole value.
    func encode(text: String) throws {
        var container = singleValueContainer()
        try container.encode(text)
    }
}

extension Decoder {
    /// Reads a value that is one text.
    ///
    /// - Parameter make: Makes the value; `nil` for a text that is none.
    /// - Returns: The value.
    /// - Throws: `DecodingError` where there is no text, or none of the right form.
    func decodeText<Value>(_ make: (String) -> Value?) throws -> Value {
        let text = try singleValueContainer().decode(String.self)
        guard let value = make(text) else {
            throw DecodingError.dataCorrupted(
                DecodingError.Context(codingPath: codingPath, debugDescription: "The text is no \(Value.self).")
            )
        }
        return value
    }
}

/// A text as the key of a dictionary's value.
struct TextCodingKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) {
        self.stringValue = stringValue
    }

    init?(intValue: Int) {
        nil
    }
}
