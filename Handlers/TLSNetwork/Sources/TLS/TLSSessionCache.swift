#if TLSNetwork
internal import COpenSSL
internal import Synchronization

/// The last session of each server that was dialled, to be resumed (RFC 8446, section 2.2).
///
/// A ticket is used once (RFC 8446, appendix C.4), unless nobody answered: a resumed connection brings the next.
final class TLSSessionCache: Sendable {
    private let sessions = Mutex<[PeerAddress: KeptSession]>([:])

    init() {}

    /// A server's session.
    func session(for address: PeerAddress) -> KeptSession? {
        sessions.withLock { $0[address] }
    }

    /// Forgets a server's session.
    func forget(_ address: PeerAddress) {
        _ = sessions.withLock { $0.removeValue(forKey: address) }
    }

    /// Keeps a server's session in the place of an older one.
    func keep(_ session: KeptSession, for address: PeerAddress) {
        sessions.withLock { $0[address] = session }
    }
}

/// A session that was kept.
///
/// Sendable: OpenSSL counts its references atomically, and nothing changes it.
@safe
final class KeptSession: @unchecked Sendable {
    /// OpenSSL's `SSL_SESSION`.
    let pointer: OpaquePointer

    /// Takes over a reference.
    init(owning pointer: OpaquePointer) {
        unsafe self.pointer = pointer
    }

    deinit {
        unsafe SSL_SESSION_free(pointer)
    }
}
#endif
