/// A handler with its settings in one argument of a command line.
///
/// `TECHNOLOGY:MAIN[,KEY=VALUE]…`, such as `sqlite:notes.db,synchronous=normal`, names a handler, the value of the setting
/// that it cannot do without, and others of its settings. `profile:NAME[,instance=INSTANCE]` takes the handler of a
/// profile. In values `\,` is a comma and `\\` a backslash.
package struct HandlerLocation: Sendable, Hashable {
    /// A setting behind the main one.
    struct Setting: Sendable, Hashable {
        var key: String
        var value: String
    }

    /// What stands before the colon where a profile is meant.
    static let profileWord = "profile"

    /// What stands before the colon.
    package let technology: String
    /// The path, the address or the profile's name; empty where there is none.
    package let main: String
    let settings: [Setting]

    /// The location as messages name it: without values, since an address may hold a password.
    package var name: String { "\(technology):" }

    var place: SettingPlace { .argument("location '\(name)'") }

    /// Reads a location.
    ///
    /// - Parameter text: The argument.
    /// - Throws: ``ProfileErrors`` where it is not of a location's form.
    package init(_ text: String) throws(ProfileErrors) {
        guard let colon = text.firstIndex(of: ":"), colon != text.startIndex else {
            throw ProfileErrors(
                .malformed,
                at: .argument("location '\(text.prefix { $0 != ":" })'"),
                "names no handler; write HANDLER:PATH such as 'sqlite:notes.db', or 'profile:NAME'"
            )
        }
        technology = String(text[..<colon])
        let place = SettingPlace.argument("location '\(technology):'")
        let parts = Self.split(text[text.index(after: colon)...])
        main = parts[0]
        var settings: [Setting] = []
        for part in parts.dropFirst() {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard pair.count == 2, !pair[0].isEmpty else {
                throw ProfileErrors(
                    .malformed,
                    at: place,
                    "behind a comma stands KEY=VALUE; for a comma in a value write '\\,'"
                )
            }
            if settings.contains(where: { $0.key == pair[0] }) {
                throw ProfileErrors(.malformed, at: place, key: pair[0], "occurs twice; keep one")
            }
            settings.append(Setting(key: pair[0], value: pair[1]))
        }
        self.settings = settings
    }

    /// The parts between commas, with escapes taken away.
    private static func split(_ text: Substring) -> [String] {
        var parts = [""]
        var isEscaped = false
        for character in text {
            if isEscaped {
                if character != "," && character != "\\" { parts[parts.count - 1].append("\\") }
                parts[parts.count - 1].append(character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if character == "," {
                parts.append("")
            } else {
                parts[parts.count - 1].append(character)
            }
        }
        if isEscaped { parts[parts.count - 1].append("\\") }
        return parts
    }
}
