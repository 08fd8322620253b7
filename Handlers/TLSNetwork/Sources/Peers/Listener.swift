#if TLSNetwork
internal import AuraEffects
internal import AuraRuntime
internal import NIOCore
internal import NIOPosix

/// Takes the connections of those who dial this node.
struct Listener: Sendable {
    private let core: NetworkCore

    init(_ core: NetworkCore) {
        self.core = core
    }

    /// Listens from now on.
    ///
    /// - Returns: What listens; `nil` where the configuration names no address.
    /// - Throws: ``EffectError`` with `unavailable`.
    func listen() async throws(EffectError) -> (any Channel)? {
        guard let address = core.configuration.listen else { return nil }
        let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(ChannelOptions.backlog, value: 256)
            .serverChannelOption(ChannelOptions.socketOption(.so_reuseaddr), value: 1)
            .childChannelOptions()
            .childChannelInitializer { [core] channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(ConnectionHandler(core, dialling: nil))
                }
            }
        do {
            return try await bootstrap.bind(host: address.host, port: address.port).get()
        } catch {
            throw NetworkErrors.errors.error(
                .unavailable,
                in: "open",
                "The node cannot listen at \(address) (\(error)): see that the address is this machine's and its port free.",
                cause: error
            )
        }
    }
}

extension ServerBootstrap {
    fileprivate func childChannelOptions() -> ServerBootstrap {
        childChannelOption(ChannelOptions.socketOption(.tcp_nodelay), value: 1)
            .childChannelOption(ChannelOptions.maxMessagesPerRead, value: ConnectionSocket.readsPerTurn)
            .childChannelOption(ChannelOptions.recvAllocator, value: ConnectionSocket.allocator)
    }
}

/// What both sides set on their sockets.
enum ConnectionSocket {
    /// So many readings of a socket come before others have their turn.
    static let readsPerTurn: UInt = 8

    /// An idle connection reads into little, a busy one into much.
    static var allocator: AdaptiveRecvByteBufferAllocator {
        AdaptiveRecvByteBufferAllocator(minimum: 1024, initial: 4096, maximum: 256 * 1024)
    }
}
#endif
