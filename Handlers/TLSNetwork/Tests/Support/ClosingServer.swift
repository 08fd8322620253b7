#if TLSNetwork
@testable internal import AuraTLSNetwork
internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// A server that shakes hands and gives a ticket, and closes as soon as the other side says anything.
final class ClosingServer: Sendable {
    private let listener: any Channel
    private let group: MultiThreadedEventLoopGroup
    private let handshakes: Handshakes

    /// Whether each handshake so far resumed a session.
    var areResumed: [Bool] { handshakes.areResumed.withLock { $0 } }
    var port: Int { listener.localAddress?.port ?? 0 }

    private init(_ listener: any Channel, _ group: MultiThreadedEventLoopGroup, _ handshakes: Handshakes) {
        self.listener = listener
        self.group = group
        self.handshakes = handshakes
    }

    static func open(_ context: TLSContext) async throws -> ClosingServer {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let handshakes = Handshakes()
        let listener = try await ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let session = try TLSSession(context, dialling: nil)
                    try channel.pipeline.syncOperations.addHandler(ClosingHandler(session, handshakes))
                }
            }
            .bind(host: "127.0.0.1", port: 0)
            .get()
        return ClosingServer(listener, group, handshakes)
    }

    func close() async {
        try? await listener.close()
        try? await group.shutdownGracefully()
    }
}

private final class Handshakes: Sendable {
    let areResumed = Mutex<[Bool]>([])
}

private final class ClosingHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let session: TLSSession
    private let handshakes: Handshakes
    private var isDone = false

    init(_ session: TLSSession, _ handshakes: Handshakes) {
        self.session = session
        self.handshakes = handshakes
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        session.receive(unwrapInboundIn(data))
        do {
            if try !isDone && session.handshake() {
                isDone = true
                handshakes.areResumed.withLock { $0.append(session.isResumed) }
            }
            if let bytes = session.takeOutgoing() { context.writeAndFlush(wrapOutboundOut(bytes), promise: nil) }
            if isDone, case .bytes = try PlaintextScratch().read(session) { context.close(promise: nil) }
        } catch {
            context.close(promise: nil)
        }
    }
}
#endif
