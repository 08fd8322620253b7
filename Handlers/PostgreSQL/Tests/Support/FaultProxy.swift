#if PostgreSQL
internal import Foundation
internal import Synchronization

/// A faulty network between a client and a server: a TCP proxy on loopback, on a thread of its own.
///
/// What it does to a connection is the connection's own ``Connection/conduct``, or the proxy's ``conduct`` where it has
/// none. Every change holds when the call returns, for bytes that the proxy has not read yet or still holds back.
final class FaultProxy: Sendable {
    /// The port to connect to, on `127.0.0.1` and so on `localhost`.
    let port: Int

    private let mailbox: ProxyMailbox

    /// Begins to pass on connections to a port of this machine.
    init(to serverPort: Int) throws {
        let mailbox = try ProxyMailbox()
        let listener = try ProxySocket.listening(on: 0)
        port = listener.port
        self.mailbox = mailbox
        let thread = Thread {
            ProxyLoop(listener: listener, serverPort: serverPort, mailbox: mailbox).run()
        }
        thread.name = "fault-proxy"
        thread.start()
    }

    /// Ends every connection and the thread.
    deinit {
        mailbox.post { $0.end() }
    }

    /// What happens to connections that have no conduct of their own, those to come included.
    var conduct: ProxyConduct {
        get { mailbox.ask { $0.conduct } }
        set { mailbox.ask { $0.conduct = newValue } }
    }

    /// Whether new connections are refused, as where nobody listens, while those that are there stay.
    var refusesConnections: Bool {
        get { mailbox.ask { !$0.isListening } }
        set { mailbox.ask { $0.setListening(!newValue) } }
    }

    /// The connections that are open on either side, the oldest first.
    var connections: [Connection] {
        mailbox.ask { $0.openConnections }.map { Connection(id: $0, proxy: self) }
    }

    /// How many connections have been accepted so far.
    var acceptedCount: Int { mailbox.ask { $0.acceptedCount } }

    /// Resets every connection on both sides.
    func resetConnections() {
        mailbox.ask { loop in
            for id in loop.openConnections { loop.reset(id) }
        }
    }

    /// One connection through the proxy.
    struct Connection: Sendable {
        fileprivate let id: Int
        fileprivate let proxy: FaultProxy

        var isOpen: Bool {
            proxy.mailbox.ask { [id] in $0.openConnections.contains(id) }
        }

        /// What happens to this connection whatever the proxy's conduct is; `nil` for the proxy's.
        var conduct: ProxyConduct? {
            get { proxy.mailbox.ask { [id] in $0.ownConduct(of: id) } }
            nonmutating set { proxy.mailbox.ask { [id] in $0.setConduct(newValue, of: id) } }
        }

        /// How many bytes have been read from the client and from the server, whatever became of them.
        var bytesRead: (fromClient: Int, fromServer: Int) {
            proxy.mailbox.ask { [id] in $0.bytesRead(id) }
        }

        /// Ends the connection on both sides with RST.
        func reset() {
            proxy.mailbox.ask { [id] in $0.reset(id) }
        }
    }
}
#endif
