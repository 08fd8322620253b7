#if AWS
internal import AuraRuntime

extension JSONNode {
    /// A member of an object.
    subscript(_ name: String) -> JSONNode? {
        guard case .object(let members) = self else { return nil }
        return members[name]
    }

    /// The text of a member.
    func text(_ name: String) -> String? { self[name]?.text }

    /// The elements of a member that is an array; none where it is missing.
    func elements(_ name: String) -> [JSONNode] {
        guard case .array(let elements) = self[name] else { return [] }
        return elements
    }

    /// The members of a member that is an object; none where it is missing.
    func members(_ name: String) -> [String: JSONNode] {
        guard case .object(let members) = self[name] else { return [:] }
        return members
    }

    /// The text of a string.
    var text: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// A whole number.
    var integer: Int? {
        guard case .number(let digits) = self else { return nil }
        return Int(digits)
    }

    /// Whether it is `true`.
    var isTrue: Bool { self == .boolean(true) }
}

extension JSONValue {
    /// An object of those members that have a value.
    static func members(_ members: [(String, JSONValue?)]) -> JSONValue {
        .object(members.compactMap { name, value in value.map { Member(key: name, value: $0) } })
    }
}
#endif
