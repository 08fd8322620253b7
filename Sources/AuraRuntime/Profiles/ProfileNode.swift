/// A value of a profile's file, with its place.
enum ProfileNode: Sendable, Hashable {
    case text(String, SettingPlace)
    /// A key without a value.
    case nothing(SettingPlace)
    case list([ProfileNode], SettingPlace)
    case mapping([ProfileEntry], SettingPlace)

    var place: SettingPlace {
        switch self {
        case .text(_, let place), .nothing(let place), .list(_, let place), .mapping(_, let place): place
        }
    }

    var entries: [ProfileEntry]? {
        guard case .mapping(let entries, _) = self else { return nil }
        return entries
    }

    /// What the value is, for messages.
    var kind: String {
        switch self {
        case .text: "text"
        case .nothing: "nothing"
        case .list: "a list"
        case .mapping: "a mapping"
        }
    }
}

/// A key with its value.
struct ProfileEntry: Sendable, Hashable {
    var key: String
    /// Where the key stands.
    var place: SettingPlace
    var value: ProfileNode
}
