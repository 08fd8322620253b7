#if TLSNetwork
internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// A way between two nodes that a test can break: it passes bytes on, both ways, until it is cut.
final class TestProxy: Sendable {
    private struct State {
        var isCut = false
        var target: (host: String, port: Int)
        var channels: [any Channel] = []
    }

    private let state: Mutex<State>
    private let listener: any Channel
    private let group: MultiThreadedEventLoopGroup

    /// The port to dial.
    var port: Int { listener.localAddress?.port ?? 0 }

    private init(_ listener: any Channel, _ group: MultiThreadedEventLoopGroup, _ target: (host: String, port: Int)) {
        self.listener = listener
        self.group = group
        state = Mutex(State(target: target))
    }

    /// Opens the way to a port of this machine.
    static func open(to port: Int) async throws -> TestProxy {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let box = Mutex<TestProxy?>(nil)
        let holder = ProxyHolder(box: box)
        let listener = try await ServerBootstrap(group: group)
            .serverChannelOption(ChannelOptions.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(ChannelOptions.autoRead, value: false)
            .childChannelInitializer { holder.proxy?.accept($0) ?? $0.close() }
            .bind(host: "127.0.0.1", port: 0)
            .get()
        let proxy = TestProxy(listener, group, ("127.0.0.1", port))
        holder.set(proxy)
        return proxy
    }

    /// Breaks what passes, and lets nothing pass until ``mend()``.
    func cut() {
        let channels = state.withLock { state in
            state.isCut = true
            defer { state.channels = [] }
            return state.channels
        }
        for channel in channels { channel.close(promise: nil) }
    }

    /// Lets new connections pass.
    func mend() {
        state.withLock { $0.isCut = false }
    }

    /// Leads elsewhere from now on.
    func redirect(to port: Int) {
        state.withLock { $0.target.port = port }
    }

    func close() async {
        cut()
        try? await listener.close()
        try? await group.shutdownGracefully()
    }

    private func accept(_ near: any Channel) -> EventLoopFuture<Void> {
        let target = state.withLock { $0.isCut ? nil : $0.target }
        guard let target else { return near.close() }
        return ClientBootstrap(group: near.eventLoop)
            .channelOption(ChannelOptions.autoRead, value: false)
            .connect(host: target.host, port: target.port)
            .flatMap { [self] far in
                do {
                    try near.pipeline.syncOperations.addHandler(Passing(to: far))
                    try far.pipeline.syncOperations.addHandler(Passing(to: near))
                } catch {
                    return near.eventLoop.makeFailedFuture(error)
                }
                let isCut = state.withLock { state in
                    state.channels += [near, far]
                    return state.isCut
                }
                if isCut { cut() }
                far.read()
                return near.eventLoop.makeSucceededVoidFuture()
            }
    }
}

/// Breaks the circle between the listener and what it is given to.
private final class ProxyHolder: Sendable {
    private let box: Mutex<TestProxy?>

    init(box: consuming sending Mutex<TestProxy?>) {
        self.box = box
    }

    var proxy: TestProxy? { box.withLock { $0 } }

    func set(_ proxy: TestProxy) {
        box.withLock { $0 = proxy }
    }
}

/// Passes on what it reads, as fast as the other side takes it.
private final class Passing: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let other: any Channel

    init(to other: any Channel) {
        self.other = other
    }

    func channelActive(context: ChannelHandlerContext) {
        context.read()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let channel = NIOLoopBound(context.channel, eventLoop: context.eventLoop)
        other.writeAndFlush(unwrapInboundIn(data)).whenSuccess { channel.value.read() }
    }

    func channelInactive(context: ChannelHandlerContext) {
        other.close(promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
#endif
