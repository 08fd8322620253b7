/// What a network handler delivers, without end: messages or connection events.
///
/// Cancelling the consuming task ends it with `cancelled`; after the handler was stopped `next` returns `nil`.
public struct NetworkSequence<Element: Sendable>: AsyncSequence, Sendable {
    /// Waits for the next element; it throws ``EffectError`` and returns `nil` once the handler is stopped.
    public typealias ElementSource = @Sendable () async throws(EffectError) -> Element?

    let nextElement: ElementSource

    /// Creates a sequence; for handlers.
    ///
    /// - Parameter nextElement: Waits for the next element.
    public init(nextElement: @escaping ElementSource) {
        self.nextElement = nextElement
    }

    /// Creates an iterator.
    ///
    /// Several iterators share the elements among them.
    public func makeAsyncIterator() -> Iterator {
        Iterator(nextElement: nextElement)
    }

    /// Iterates over what is delivered.
    public struct Iterator: AsyncIteratorProtocol {
        let nextElement: ElementSource

        /// The next element; suspends until there is one.
        ///
        /// - Parameter actor: The isolation to run on.
        /// - Returns: The element; `nil` once the handler is stopped.
        /// - Throws: ``EffectError`` with `cancelled`.
        public mutating func next(
            isolation actor: isolated (any Actor)? = #isolation
        ) async throws(EffectError) -> Element? {
            try await nextElement()
        }
    }
}
