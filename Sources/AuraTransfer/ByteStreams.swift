public import AuraEffects

/// Where an import's bytes come from: a file, a pipe, a connection.
public protocol ByteSource: Sendable {
    /// The next bytes.
    ///
    /// - Parameter count: The most bytes wanted; at least 1.
    /// - Returns: At least one byte; none at the end.
    /// - Throws: ``EffectError`` where the source cannot be read, or with `cancelled`.
    func read(upTo count: Int) async throws(EffectError) -> [UInt8]
}

/// Where an export's bytes go.
public protocol ByteSink: Sendable {
    /// Takes the next bytes.
    ///
    /// - Parameter bytes: The bytes.
    /// - Throws: ``EffectError`` where they cannot be written, or with `cancelled`.
    func write(_ bytes: [UInt8]) async throws(EffectError)

    /// Makes what was written permanent, and visible under its name where it has one; called once, after the last byte.
    ///
    /// A sink that is not finished leaves nothing behind.
    ///
    /// - Throws: ``EffectError`` where that fails.
    func finish() async throws(EffectError)
}
