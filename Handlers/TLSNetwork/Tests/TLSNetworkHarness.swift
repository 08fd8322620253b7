#if TLSNetwork
internal import AuraConformance
internal import AuraEffects
internal import AuraTLSNetwork
internal import Synchronization

/// Three nodes over real sockets; between each two there is a proxy, so that a law can break their connection.
final class TLSNetworkHarness: DisconnectingHarness, StoppingHarness {
    private struct Way {
        var ends: Set<PeerID>
        var proxy: TestProxy
    }

    private struct Made {
        var nodes: [TLSNetworkHandler] = []
        var ways: [Way] = []
    }

    private let made = Mutex(Made())

    var capabilities: Capabilities { TLSNetworkHandler.capabilities(envelope: .mebibytes(1)) }

    func make() async throws -> [any NetworkEffects] {
        let names = ["carol", "alice", "bob"]
        let sites = try names.map { try TestSite($0) }
        for site in sites {
            for (name, other) in zip(names, sites) { try await site.trust(other, as: name) }
        }
        var nodes: [TLSNetworkHandler] = []
        for site in sites { nodes.append(try await site.open()) }
        made.withLock { $0.nodes += nodes }
        for (index, dialler) in nodes.enumerated() {
            for target in nodes[(index + 1)...] {
                let proxy = try await TestProxy.open(to: target.address.port)
                made.withLock { $0.ways.append(Way(ends: [dialler.localPeer, target.localPeer], proxy: proxy)) }
                var address = target.address
                address.port = proxy.port
                dialler.connect(to: address)
            }
        }
        for node in nodes { try await node.waitForPeers(2) }
        return nodes
    }

    func disconnect(_ first: any NetworkEffects, from second: any NetworkEffects) async throws {
        try way(first, second).cut()
    }

    func reconnect(_ first: any NetworkEffects, with second: any NetworkEffects) async throws {
        try way(first, second).mend()
    }

    func stop(_ node: any NetworkEffects) async throws {
        await (node as? TLSNetworkHandler)?.close()
    }

    func finish() async {
        let made = made.withLock { $0 }
        await withTaskGroup(of: Void.self) { group in
            for node in made.nodes { group.addTask { await node.close() } }
        }
        for way in made.ways { await way.proxy.close() }
    }

    private func way(_ first: any NetworkEffects, _ second: any NetworkEffects) throws -> TestProxy {
        let ends: Set<PeerID> = [first.localPeer, second.localPeer]
        guard let way = made.withLock({ $0.ways.first { $0.ends == ends } }) else { throw TestFailure("no such way") }
        return way.proxy
    }
}

extension TLSNetworkHandler {
    /// Waits until so many peers are connected.
    func waitForPeers(_ count: Int) async throws {
        let events = events()
        var iterator = events.makeAsyncIterator()
        while try await peers().count != count { _ = try await iterator.next() }
    }
}
#endif
