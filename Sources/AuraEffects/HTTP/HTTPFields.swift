/// A field of a message's head.
///
/// Its description shows the value only of a field that is not a secret.
public struct HTTPField: Sendable, Hashable, CustomStringConvertible {
    /// The name; case does not matter.
    public let name: String

    /// The value.
    public let value: String

    /// Whether the value is never shown, logged or recorded.
    public let isSecret: Bool

    /// Creates a field.
    ///
    /// - Parameters:
    ///   - name: The name: letters, digits and ``!#$%&'*+-.^_`|~`` (RFC 9110, section 5.6.2), which ``isValid`` tells.
    ///   - value: The value, without line breaks and NUL, which ``isValid`` tells; blanks around it are dropped.
    ///   - isSecret: Whether the value is never shown; by itself it is so for fields that carry credentials.
    public init(_ name: String, _ value: String, isSecret: Bool? = nil) {
        self.name = name
        self.value = value.utf8.isTrimmed ? value : String(Substring(value.utf8.trimmed))
        self.isSecret = isSecret ?? Self.secretNames.contains { Self.areEqual($0, name) }
    }

    private static let secretNames = [
        "authorization", "proxy-authorization", "cookie", "set-cookie", "x-amz-security-token",
        "x-aws-ec2-metadata-token", "x-api-key",
    ]

    /// Whether it can be sent as it is.
    public var isValid: Bool {
        !name.isEmpty && name.utf8.allSatisfy(Self.isTokenByte)
            && value.utf8.allSatisfy { $0 == UInt8(ascii: "\t") || ($0 >= 0x20 && $0 != 0x7F) }
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }

    /// Such as `content-type: text/plain`.
    public var description: String { "\(name): \(isSecret ? "…" : value)" }

    /// Whether names are equal but for their case.
    static func areEqual(_ name: String, _ other: String) -> Bool {
        // Mostly the lengths differ, and then nothing is compared.
        guard name.utf8.count == other.utf8.count else { return false }
        return zip(name.utf8, other.utf8).allSatisfy { $0 == $1 || $0.lowercased == $1.lowercased }
    }
}

extension UInt8 {
    fileprivate var lowercased: UInt8 {
        self >= UInt8(ascii: "A") && self <= UInt8(ascii: "Z") ? self | 0x20 : self
    }

    fileprivate var isBlank: Bool { self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") }
}

extension String.UTF8View {
    /// Whether there are no blanks around it.
    fileprivate var isTrimmed: Bool { first?.isBlank != true && last?.isBlank != true }

    /// Without blanks around it.
    fileprivate var trimmed: Substring.UTF8View {
        var rest = self[...]
        while rest.first?.isBlank == true { rest.removeFirst() }
        while rest.last?.isBlank == true { rest.removeLast() }
        return rest
    }
}

/// The fields of a message's head, in their order; a name may come several times.
public struct HTTPFields: Sendable, Hashable, ExpressibleByDictionaryLiteral, RandomAccessCollection {
    private var fields: [HTTPField]

    /// Creates fields.
    public init(_ fields: [HTTPField] = []) {
        self.fields = fields
    }

    /// Creates fields from names and values.
    public init(dictionaryLiteral elements: (String, String)...) {
        self.init(elements.map { HTTPField($0, $1) })
    }

    /// The first position.
    public var startIndex: Int { fields.startIndex }

    /// The position after the last one.
    public var endIndex: Int { fields.endIndex }

    /// The field at a position.
    public subscript(position: Int) -> HTTPField { fields[position] }

    /// The value of a name, or `nil` where there is no such field.
    ///
    /// Where there are several it is their values with commas between, which says the same (RFC 9110, section 5.2) but for
    /// `Set-Cookie`. Setting it replaces all of them; `nil` removes them.
    ///
    /// - Parameter name: The name; case does not matter.
    public subscript(name: String) -> String? {
        get {
            let values = values(of: name)
            return values.isEmpty ? nil : values.joined(separator: ", ")
        }
        set {
            remove(name)
            if let newValue { append(HTTPField(name, newValue)) }
        }
    }

    /// The values of every field of a name, in their order.
    public func values(of name: String) -> [String] {
        fields.lazy.filter { HTTPField.areEqual($0.name, name) }.map(\.value)
    }

    /// Adds a field after the others.
    public mutating func append(_ field: HTTPField) {
        fields.append(field)
    }

    /// Removes every field of a name.
    public mutating func remove(_ name: String) {
        fields.removeAll { HTTPField.areEqual($0.name, name) }
    }
}
