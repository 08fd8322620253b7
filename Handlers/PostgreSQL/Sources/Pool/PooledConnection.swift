#if PostgreSQL
internal import AuraEffects

/// What a ``ConnectionPool`` needs of a connection.
protocol PooledConnection: Sendable {
    /// Whether the connection can serve another caller; asked each time one gives it back, so without waiting.
    var isUsable: Bool { get }

    /// Asks the other side for a sign of life.
    ///
    /// It ends within a time that the connection sets itself: the pool waits for it, and lends the connection to nobody.
    ///
    /// - Throws: ``EffectError`` where there is none; the pool then closes the connection.
    func ping() async throws(EffectError)

    /// Closes the connection, also a broken one; it counts towards the pool's maximum until this returns.
    func close() async
}
#endif
