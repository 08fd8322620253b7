#if TLSNetwork
internal import NIOPosix

/// Where an event loop's connections decrypt into, one after the other: a connection then needs no buffer of its own.
final class PlaintextScratch {
    // Safe to share: each thread sees its own value.
    private nonisolated(unsafe) static let ofThread = ThreadSpecificVariable<PlaintextScratch>()

    /// A record's plaintext.
    private(set) var bytes = [UInt8](repeating: 0, count: TLSSession.recordBytes)

    /// Lends the event loop's own.
    static func withScratch<Value>(_ body: (PlaintextScratch) throws -> Value) rethrows -> Value {
        if let scratch = unsafe ofThread.currentValue { return try body(scratch) }
        let scratch = PlaintextScratch()
        unsafe ofThread.currentValue = scratch
        return try body(scratch)
    }

    /// Decrypts what came on a connection.
    func read(_ session: TLSSession) throws(TLSFailure) -> TLSSession.Reading {
        let result: Result<TLSSession.Reading, TLSFailure> = unsafe bytes.withUnsafeMutableBytes { buffer in
            do throws(TLSFailure) {
                return .success(unsafe try session.read(into: buffer))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }
}
#endif
