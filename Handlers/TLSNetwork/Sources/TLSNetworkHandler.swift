#if TLSNetwork
public import AuraEffects
public import AuraRuntime
internal import Logging
internal import NIOCore
internal import Synchronization

/// A node of a network over TCP, secured by TLS 1.3 (RFC 8446) with certificates of both sides.
///
/// A node's address is its key: the 64 hexadecimal digits of SHA-256 over its SubjectPublicKeyInfo (RFC 5280, section 4.1). The
/// protocol is described in `docs/network-protocol.md`. The bytes are moved on
/// SwiftNIO's own event loops, which all nodes of a process share.
public final class TLSNetworkHandler: NetworkEffects {
    /// The name in profiles.
    public static let technology = "tls"

    /// What a node with this limit of its payloads declares.
    ///
    /// - Parameter envelope: The most bytes of a payload.
    /// - Returns: The declaration.
    public static func capabilities(envelope: ByteCount) -> Capabilities {
        Capabilities([.verifiedSender], limits: [.envelopeBytes: envelope.bytes])
    }

    /// The address of this node: its key's fingerprint.
    public let localPeer: PeerID
    /// Where this node listens, with the port that it really has; `nil` for a node that only dials.
    public let listening: PeerAddress?
    /// Senders are who they say they are: they hold the key that their address is made from.
    public let capabilities: Capabilities

    let core: NetworkCore
    private let listener: (any Channel)?
    private let diallers = TaskOwner()
    private let housekeeping = TaskOwner()
    private let dialled = Mutex<Set<PeerAddress>>([])

    /// Opens a node: it listens from now on, and begins to dial.
    ///
    /// - Parameters:
    ///   - configuration: Who it is, whom it trusts, where it listens and whom it dials.
    ///   - context: The budget and the effects that it uses.
    /// - Returns: The node.
    /// - Throws: ``EffectError``: `invalidArgument` or `corrupted` for files of identity or trust that cannot be used,
    ///   `unavailable` where the address to listen at cannot be had.
    public static func open(
        _ configuration: TLSNetworkConfiguration,
        _ context: HandlerContext
    ) async throws(EffectError) -> TLSNetworkHandler {
        let credentials = Credentials(configuration, context)
        let core = NetworkCore(configuration, try await credentials.load(), context)
        let handler = TLSNetworkHandler(core, try await Listener(core).listen())
        handler.housekeeping.start { await core.keepHouse() }
        handler.housekeeping.start { await core.timer.run() }
        handler.housekeeping.start { await credentials.watch(core) }
        for address in configuration.peers { handler.connect(to: address) }
        return handler
    }

    private init(_ core: NetworkCore, _ listener: (any Channel)?) {
        self.core = core
        self.listener = listener
        localPeer = core.localPeer
        capabilities = Self.capabilities(envelope: core.configuration.envelope)
        listening = listener?.localAddress
            .flatMap { address in
                address.port.map { PeerAddress(host: address.ipAddress ?? "localhost", port: $0) }
            }
    }

    /// Dials a peer from now on, and again whenever the connection ends; an address that is dialled already is not dialled
    /// twice.
    ///
    /// - Parameter address: Where to dial, and who has to be there.
    public func connect(to address: PeerAddress) {
        guard dialled.withLock({ $0.insert(address).inserted }) else { return }
        let dialler = Dialler(core, address)
        diallers.start { await dialler.run() }
    }

    /// Ends the node: sends what was taken, says goodbye to every peer, and closes.
    ///
    /// It waits for the peers at most ``TLSNetworkConfiguration/drainTimeout``. Calling it again does nothing.
    public func close() async {
        let drained = OneShot<Void>()
        let connections = core.withState { state -> [Connection]? in
            guard !state.isStopping else { return nil }
            state.isStopping = true
            for mailbox in state.mailboxes.values { mailbox.finish() }
            state.mailboxes = [:]
            state.drained = drained
            if state.connections.isEmpty { drained.resolve(()) }
            return Array(state.connections.values)
        }
        guard let connections else { return }
        diallers.cancel()
        try? await listener?.close()
        for connection in connections { connection.leave(.stopping) }
        await diallers.wait()
        // Housekeeping cuts a connection that does not close in time; a task that is cancelled waits for none.
        await drained.value(orWhenCancelled: ())
        for connection in core.withState({ Array($0.connections.values) }) { connection.cut("the node stops") }
        core.withState { $0.finishEvents() }
        core.timer.stop()
        housekeeping.cancel()
        await housekeeping.wait()
    }
}
#endif
