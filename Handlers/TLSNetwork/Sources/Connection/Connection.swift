#if TLSNetwork
internal import NIOCore

/// A connection as the rest of the handler knows it: what it is told happens on its event loop.
final class Connection: Sendable {
    /// Tells the connection from every other of the handler.
    let number: UInt64
    private let eventLoop: any EventLoop
    private let handler: NIOLoopBound<ConnectionHandler>

    /// Must be called on the event loop of the handler.
    init(_ handler: ConnectionHandler, number: UInt64, on eventLoop: any EventLoop) {
        self.number = number
        self.eventLoop = eventLoop
        self.handler = NIOLoopBound(handler, eventLoop: eventLoop)
    }

    /// Sends what is in the outbox.
    func flush() {
        eventLoop.execute { [handler] in handler.value.flush() }
    }

    /// Hands over what found no room before, and sends what is in the outbox.
    func wake() {
        eventLoop.execute { [handler] in handler.value.wake() }
    }

    /// Ends the connection if something is overdue, and shows a silent peer that this side is there.
    func look() {
        eventLoop.execute { [handler] in handler.value.look() }
    }

    /// Judges the peer again, and ends the connection where it is not trusted any more.
    func judge(by context: TLSContext) {
        eventLoop.execute { [handler] in handler.value.judge(by: context) }
    }

    /// Says goodbye behind what was taken, and ends the connection once it has arrived.
    func leave(_ reason: GoodbyeReason) {
        eventLoop.execute { [handler] in handler.value.leave(reason) }
    }

    /// Ends the connection at once.
    func cut(_ reason: String) {
        eventLoop.execute { [handler] in handler.value.cut(reason) }
    }
}
#endif
