/// The elements of a listing, fetched page by page as they are asked for.
///
/// It is pulled: while the consumer is busy nothing is fetched. Each iterator begins anew.
public struct PagedSequence<Element: Sendable>: AsyncSequence, Sendable {
    /// Fetches a page: its elements, and where the next one begins.
    public typealias PageSource =
        @Sendable (_ after: PageToken?) async throws(EffectError) -> (elements: [Element], next: PageToken?)

    let fetch: PageSource

    /// Creates a sequence.
    ///
    /// - Parameter fetch: Fetches pages.
    public init(fetch: @escaping PageSource) {
        self.fetch = fetch
    }

    /// Creates an iterator that begins at the first page.
    public func makeAsyncIterator() -> Iterator {
        Iterator(fetch: fetch)
    }

    /// Iterates over the elements of a listing.
    public struct Iterator: AsyncIteratorProtocol {
        private var page: ArraySlice<Element> = []
        private var next: PageToken?
        private var isLast = false
        let fetch: PageSource

        init(fetch: @escaping PageSource) {
            self.fetch = fetch
        }

        /// The next element; fetches a page where the last one is used up.
        ///
        /// - Parameter actor: The isolation to run on.
        /// - Returns: The element; `nil` at the end.
        /// - Throws: ``EffectError`` of the listing.
        public mutating func next(
            isolation actor: isolated (any Actor)? = #isolation
        ) async throws(EffectError) -> Element? {
            // A page may be empty and not the last one.
            while page.isEmpty {
                if isLast { return nil }
                let fetched = try await fetch(next)
                page = fetched.elements[...]
                next = fetched.next
                isLast = fetched.next == nil
            }
            return page.removeFirst()
        }
    }
}
