/// Reads a section of a profile that is no effect family, and collects what is wrong with it.
struct SectionReader {
    private(set) var problems: [ProfileError] = []
    private let key: String
    private let entries: [ProfileEntry]

    /// Reads a section's entries; a key that it does not take is a problem.
    ///
    /// - Parameters:
    ///   - node: The section's value.
    ///   - key: The section's key, with dots between its parts.
    ///   - keys: What the section takes.
    ///   - example: How the section is written, for messages.
    init(_ node: ProfileNode, key: String, takes keys: [String], example: String) {
        self.init(node, key: key, example: example)
        for entry in entries where !keys.contains(entry.key) {
            refuse(
                entry,
                "unknown setting\(suggestion(for: entry.key, in: keys))'\(key)' takes: \(keys.joined(separator: ", "))",
                code: .unknownKey
            )
        }
    }

    /// Reads a section that takes any keys.
    ///
    /// - Parameters:
    ///   - node: The section's value.
    ///   - key: The section's key, with dots between its parts.
    ///   - example: How the section is written, for messages.
    init(_ node: ProfileNode, key: String, example: String) {
        self.key = key
        entries = node.entries ?? []
        guard node.entries == nil else { return }
        let message = "must be a mapping, not \(node.kind); write '\(example)'"
        problems.append(ProfileError(.invalidValue, at: node.place, key: key, message))
    }

    /// All entries, in the order of the file.
    var all: [ProfileEntry] { entries }

    /// The entry of a key; `nil` where it is not there.
    func entry(_ name: String) -> ProfileEntry? {
        entries.first { $0.key == name }
    }

    /// Says that an entry's value is wrong.
    mutating func refuse(
        _ entry: ProfileEntry,
        _ message: String,
        at place: SettingPlace? = nil,
        code: ProfileError.Code = .invalidValue
    ) {
        let place = place ?? (code == .unknownKey ? entry.place : entry.value.place)
        problems.append(ProfileError(code, at: place, key: "\(key).\(entry.key)", message))
    }

    /// A value of a type; `nil` where it is wrong.
    mutating func value(
        _ entry: ProfileEntry,
        as type: SettingDeclaration.ValueType
    ) -> HandlerSettings.Value? {
        guard case .text(let text, _) = entry.value else {
            refuse(entry, "must be a value, not \(entry.value.kind)")
            return nil
        }
        do throws(SettingParser.Refusal) {
            return try SettingParser.parse(text, as: type)
        } catch {
            refuse(entry, error.message)
            return nil
        }
    }

    /// `true` or `false`; `nil` where the value is wrong.
    mutating func boolean(_ entry: ProfileEntry) -> Bool? {
        guard case .boolean(let value)? = value(entry, as: .boolean) else { return nil }
        return value
    }

    /// One of some words; `nil` where the value is wrong.
    mutating func choice(_ entry: ProfileEntry, of words: [String]) -> String? {
        guard case .string(let word)? = value(entry, as: .choice(words)) else { return nil }
        return word
    }

    /// A duration; `nil` where the value is wrong.
    mutating func duration(_ entry: ProfileEntry) -> Duration? {
        guard case .duration(let value)? = value(entry, as: .duration) else { return nil }
        return value
    }
}
