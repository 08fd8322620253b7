public import AuraEffects

extension HandlerErrors {
    /// Checks a condition against what is stored.
    ///
    /// - Parameters:
    ///   - precondition: The condition.
    ///   - key: What it is about, as a message names it.
    ///   - stored: The version of what is stored; `nil` where there is nothing.
    ///   - operation: The operation's name.
    /// - Throws: ``EffectError`` with `preconditionFailed`.
    public func check(
        _ precondition: CloudPrecondition,
        on key: String,
        stored: CloudRevision?,
        in operation: String
    ) throws(EffectError) {
        let expected: String
        switch precondition {
        case .none: return
        case .absent:
            if stored == nil { return }
            expected = "nothing"
        case .matches(let revision):
            if stored == revision { return }
            expected = "the revision \(Self.quote(revision.rawValue))"
        }
        let found = stored.map { "there is the revision \(Self.quote($0.rawValue))" } ?? "there is nothing"
        let message = "The caller expects \(expected) under \(Self.quote(key)), but \(found): read again and decide."
        throw error(.preconditionFailed, in: operation, message)
    }

    /// Checks notes beside a body.
    ///
    /// - Parameters:
    ///   - attributes: The notes.
    ///   - operation: The operation's name.
    /// - Throws: ``EffectError`` with `invalidArgument` for a name that is none, and a value with a control character.
    public func check(attributes: [String: String], in operation: String) throws(EffectError) {
        for (name, value) in attributes {
            guard Self.isAttributeName(name) else {
                let message =
                    "The attribute \(Self.quote(name)) is no name: begin with a lower-case letter, and go on with "
                    + "lower-case letters, digits and underscores."
                throw error(.invalidArgument, in: operation, message)
            }
            guard !value.hasControlCharacters else {
                let message = "The value of the attribute '\(name)' has a control character: encode it."
                throw error(.invalidArgument, in: operation, message)
            }
        }
    }

    /// Checks the name of a topic, a subscription or a function.
    ///
    /// - Parameters:
    ///   - name: The name.
    ///   - what: What it is the name of, for messages.
    ///   - limit: The most letters that it has.
    ///   - operation: The operation's name.
    /// - Throws: ``EffectError`` with `invalidArgument` for a name of another form.
    public func check(
        name: String,
        of what: String,
        atMost limit: Int,
        in operation: String
    ) throws(EffectError) {
        let isLetter = name.utf8.first.map { $0 | 0x20 }.map { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
        if isLetter == true, name.utf8.count <= limit, name.utf8.allSatisfy(\.isNameByte) { return }
        let message =
            "The name \(Self.quote(name)) of a \(what) is none: begin with an ASCII letter, and go on with letters, digits, "
            + "hyphens and underscores, \(limit) in all at most."
        throw error(.invalidArgument, in: operation, message)
    }

    private static func isAttributeName(_ name: String) -> Bool {
        guard let first = name.utf8.first, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first) else { return false }
        return name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
            default: false
            }
        }
    }
}

extension String {
    /// Whether the text has a character that no header field may have.
    var hasControlCharacters: Bool { utf8.contains { $0 < 0x20 || $0 == 0x7f } }
}

extension UInt8 {
    /// Whether the byte may stand in the name of a group, a topic or a function.
    package var isNameByte: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
