/// A journal that was read has fewer or more entries than were appended.
package struct MissingEntries: Error, CustomStringConvertible {
    private var expected: Int
    private var found: Int

    package init(expected: Int, found: Int) {
        self.expected = expected
        self.found = found
    }

    package var description: String { "\(expected) entries were appended and \(found) were read." }
}
