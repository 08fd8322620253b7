/// The title that a user gave to a note, or that the note shall have the one of its text again.
package struct GivenTitle: Hashable, Comparable, Sendable {
    package let text: String?

    package init(_ text: String?) {
        self.text = text
    }

    // By bytes, as everything that devices compare.
    package static func == (left: GivenTitle, right: GivenTitle) -> Bool {
        left.bytes == right.bytes
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(bytes)
    }

    package static func < (left: GivenTitle, right: GivenTitle) -> Bool {
        guard let leftBytes = left.bytes else { return right.bytes != nil }
        guard let rightBytes = right.bytes else { return false }
        return leftBytes.lexicographicallyPrecedes(rightBytes)
    }

    private var bytes: [UInt8]? { text.map { Array($0.utf8) } }
}
