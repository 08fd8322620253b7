package import AuraEffects

/// The sort keys of a query's next page, as the bytes between which an index is read.
package struct ItemBounds: Sendable, Hashable {
    /// The least bytes that are wanted.
    package var first: [UInt8] = []
    /// The least bytes beyond those that are wanted.
    package var end = beyondAll

    // No byte of UTF-8 is that large.
    private static let beyondAll: [UInt8] = [0xff]

    /// The bounds of a page.
    ///
    /// - Parameters:
    ///   - query: Which items.
    ///   - token: The last sort key of the page before; `nil` for the first page.
    package init(_ query: ItemQuery, after token: PageToken?) {
        switch query.sortKeys {
        case .all: break
        case .prefix(let prefix):
            first = Array(prefix.utf8)
            end = Self.end(ofPrefix: first)
        case .range(let from, let before):
            if let from { first = Array(from.utf8) }
            if let before { end = Array(before.utf8) }
        }
        guard let token else { return }
        let passed = Array(token.rawValue.utf8)
        if query.backwards {
            if passed.lexicographicallyPrecedes(end) { end = passed }
        } else {
            // The least bytes that come after the passed ones.
            let next = passed + [0]
            if first.lexicographicallyPrecedes(next) { first = next }
        }
    }

    private static func end(ofPrefix prefix: [UInt8]) -> [UInt8] {
        guard let last = prefix.last else { return beyondAll }
        return prefix.dropLast() + [last + 1]
    }
}
