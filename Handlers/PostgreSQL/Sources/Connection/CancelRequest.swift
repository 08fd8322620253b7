#if PostgreSQL
internal import CPostgreSQL

/// Asks a server to end the statement of one connection: the one owner of its handle.
// Safe to send: libpq lets any thread use the handle, and nothing here changes.
@safe
final class CancelRequest: @unchecked Sendable {
    private let handle: OpaquePointer
    /// Finished once the server has taken the request, or could not be reached.
    private let end: Interruption

    /// Creates a request to end what `connection` runs.
    ///
    /// - Throws: ``PostgreSQLFailure`` where the process has no file descriptor or memory left.
    init(for connection: OpaquePointer) throws(PostgreSQLFailure) {
        end = try Interruption()
        guard let handle = unsafe PQgetCancel(connection) else {
            throw PostgreSQLFailure(kind: .lost, text: "libpq is out of memory.")
        }
        unsafe self.handle = handle
    }

    deinit {
        unsafe PQfreeCancel(handle)
    }

    /// What becomes readable once the request has ended: from then on it does not hit a later statement.
    var readable: Int32 { end.readable }

    /// Sends the request over a connection of its own; blocks for as long as the network likes.
    func send() {
        var text = [CChar](repeating: 0, count: 256)
        unsafe PQcancel(handle, &text, Int32(text.count))
        end.finish()
    }
}
#endif
