/// Entries of a journal as they are committed: first those that exist, then live ones, without end.
///
/// It delivers each entry after its starting position at least once, in the order of positions. It is pulled: while the
/// consumer is busy nothing is buffered beyond one page. Cancelling the consuming task ends it with `cancelled`.
public struct JournalSubscription: AsyncSequence, Sendable {
    /// Fetches the next page of entries after a position and suspends while there is none.
    ///
    /// It throws ``EffectError``; the page it returns is not empty.
    public typealias PageSource =
        @Sendable (_ after: Position) async throws(EffectError) -> [JournalEntry]

    let start: Position
    let nextPage: PageSource

    /// Creates a subscription; for handlers.
    ///
    /// - Parameters:
    ///   - start: The position after which delivery begins.
    ///   - nextPage: Fetches pages.
    public init(after start: Position, nextPage: @escaping PageSource) {
        self.start = start
        self.nextPage = nextPage
    }

    /// Creates an iterator that begins at the subscription's starting position.
    public func makeAsyncIterator() -> Iterator {
        Iterator(position: start, nextPage: nextPage)
    }

    /// Iterates over the entries of a subscription.
    public struct Iterator: AsyncIteratorProtocol {
        private var position: Position
        private var page: ArraySlice<JournalEntry> = []
        let nextPage: PageSource

        init(position: Position, nextPage: @escaping PageSource) {
            self.position = position
            self.nextPage = nextPage
        }

        /// The next entry; suspends until there is one.
        ///
        /// - Parameter actor: The isolation to run on.
        /// - Returns: The entry; never `nil`.
        /// - Throws: ``EffectError`` of the journal, or with `cancelled`.
        public mutating func next(
            isolation actor: isolated (any Actor)? = #isolation
        ) async throws(EffectError) -> JournalEntry? {
            while page.isEmpty {
                page = try await nextPage(position)[...]
            }
            let entry = page.removeFirst()
            position = entry.position
            return entry
        }
    }
}
