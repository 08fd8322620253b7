#if PostgreSQL
internal import Foundation

/// What the proxy's thread does: it waits for the sockets, the mailbox and the time, and takes a step with each connection.
final class ProxyLoop {
    private struct Link {
        let client: ProxySocket
        let server: ProxySocket
        var toServer: ProxyFlow
        var toClient: ProxyFlow
        var conduct: ProxyConduct?
    }

    private typealias Instant = ContinuousClock.Instant

    var conduct = ProxyConduct.open
    private(set) var acceptedCount = 0

    private let port: Int
    private let serverPort: Int
    private let mailbox: ProxyMailbox
    private var listener: ProxySocket?
    private var links: [Int: Link] = [:]
    private var hasEnded = false

    init(listener: ProxySocket, serverPort: Int, mailbox: ProxyMailbox) {
        self.listener = listener
        self.serverPort = serverPort
        self.mailbox = mailbox
        port = listener.port
    }

    var openConnections: [Int] { links.keys.sorted() }
    var isListening: Bool { listener != nil }

    func ownConduct(of id: Int) -> ProxyConduct? { links[id]?.conduct }
    func setConduct(_ conduct: ProxyConduct?, of id: Int) { links[id]?.conduct = conduct }

    func bytesRead(_ id: Int) -> (fromClient: Int, fromServer: Int) {
        (links[id]?.toServer.bytesRead ?? 0, links[id]?.toClient.bytesRead ?? 0)
    }

    func setListening(_ listens: Bool) {
        if !listens {
            listener?.close()
            listener = nil
        } else if listener == nil {
            do {
                listener = try ProxySocket.listening(on: port)
            } catch {
                preconditionFailure("port \(port) was taken while the proxy refused connections: \(error)")
            }
        }
    }

    func reset(_ id: Int) {
        guard let link = links.removeValue(forKey: id) else { return }
        link.client.close(reset: true)
        link.server.close(reset: true)
    }

    func end() {
        for id in openConnections { reset(id) }
        setListening(false)
        hasEnded = true
    }

    func run() {
        while !hasEnded {
            wait()
            for message in mailbox.take() { message(self) }
            accept()
            let now = ContinuousClock.now
            for id in openConnections { step(id, now) }
        }
    }

    private func wait() {
        let now = ContinuousClock.now
        var polled = [pollfd(fd: mailbox.wakeUp, events: Int16(POLLIN), revents: 0)]
        if let listener { polled.append(pollfd(fd: listener.descriptor, events: Int16(POLLIN), revents: 0)) }
        var next: Instant?
        for link in links.values {
            let conduct = link.conduct ?? conduct
            let (toServer, toClient) = (conduct.toServer, conduct.toClient)
            var (client, server): (Int32, Int32) = (0, 0)
            if link.toServer.wantsReading(toServer) { client |= POLLIN }
            if link.toServer.wantsWriting(toServer, at: now) { server |= POLLOUT }
            if link.toClient.wantsReading(toClient) { server |= POLLIN }
            if link.toClient.wantsWriting(toClient, at: now) { client |= POLLOUT }
            // One that nothing is wanted of is left out: poll reports its end whether it is asked for or not.
            for (socket, events) in [(link.client, client), (link.server, server)] where events != 0 {
                polled.append(pollfd(fd: socket.descriptor, events: Int16(events), revents: 0))
            }
            let times = [link.toServer.nextTime(toServer, after: now), link.toClient.nextTime(toClient, after: now)]
            next = (times.compactMap { $0 } + (next.map { [$0] } ?? [])).min()
        }
        let timeout = next.map { Int32(($0 - now) / .milliseconds(1)) + 1 } ?? -1
        unsafe poll(&polled, nfds_t(polled.count), timeout)
    }

    private func accept() {
        while let client = listener?.accepted() {
            acceptedCount += 1
            guard let server = try? ProxySocket.connecting(to: serverPort) else {
                client.close(reset: true)
                continue
            }
            links[acceptedCount] = Link(
                client: client,
                server: server,
                toServer: ProxyFlow(from: client, to: server),
                toClient: ProxyFlow(from: server, to: client)
            )
        }
    }

    private func step(_ id: Int, _ now: Instant) {
        guard var link = links[id] else { return }
        let conduct = link.conduct ?? conduct
        let toServer = link.toServer.step(conduct, conduct.toServer, at: now)
        let toClient = link.toClient.step(conduct, conduct.toClient, at: now)
        links[id] = link
        // That one side is gone the other one learns only if something from there gets through.
        let clientIsHeard = conduct.toServer == .open && !link.toServer.lostSomething
        let serverIsHeard = conduct.toClient == .open && !link.toClient.lostSomething
        if toServer == .reset || toClient == .reset || toClient == .sinkIsGone && clientIsHeard
            || toServer == .sinkIsGone && serverIsHeard
        {
            reset(id)
        } else if link.toServer.isDone && link.toClient.isDone {
            links[id] = nil
            link.client.close()
            link.server.close()
        }
    }
}
#endif
