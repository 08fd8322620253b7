package import AuraEffects

/// A message that says how far a journal has come; whoever shares the journal may take the rest from there.
///
/// It holds nothing of what has changed: one that comes twice, late or not in its order says nothing wrong.
package struct ChangeNotice: Hashable, Sendable {
    /// The last entry that there was.
    package var position: Position

    private static let mark = "fieldnotes-changed 1 "

    package init(_ position: Position) {
        self.position = position
    }

    /// Reads a message; `nil` for one that is no notice, or of a later version.
    package init?(body: [UInt8]) {
        guard let text = String(validating: body, as: UTF8.self), text.hasPrefix(Self.mark),
            let number = UInt64(text.dropFirst(Self.mark.count)), Self(Position(rawValue: number)).body == body
        else { return nil }
        position = Position(rawValue: number)
    }

    /// The message's body.
    package var body: [UInt8] { Array("\(Self.mark)\(position.rawValue)".utf8) }
}
