internal import AuraConformance
internal import AuraEffects
internal import AuraMemory
internal import AuraSystem
internal import Synchronization
internal import Testing

struct MemoryJournalHarness: JournalHarness, ClockSteppingHarness {
    private let time = ManualTimeHandler()
    private let random = SystemRandomHandler()

    var capabilities: Capabilities { MemoryJournalHandler.capabilities }

    func make() async throws -> any JournalEffects {
        MemoryJournalHandler(time: time, random: random)
    }

    func stepWallClock(by duration: Duration) async throws {
        time.jumpWallClock(by: duration)
    }

    func finish() async {}
}

struct MemoryStorageHarness: StorageHarness {
    var capabilities: Capabilities { MemoryStorageHandler.capabilities }

    func make() async throws -> any StorageEffects {
        MemoryStorageHandler()
    }

    func finish() async {}
}

final class MemoryNetworkHarness: DisconnectingHarness, StoppingHarness {
    private struct Member {
        var node: MemoryNetworkHandler
        var network: MemoryNetwork
    }

    private let members = Mutex<[Member]>([])

    var capabilities: Capabilities { MemoryNetworkHandler.capabilities }

    func make() async throws -> [any NetworkEffects] {
        let network = MemoryNetwork(mailboxCapacity: 8)
        let nodes = try ["carol", "alice", "bob"].map { try network.join(PeerID($0), time: SystemTimeHandler()) }
        members.withLock { $0 += nodes.map { Member(node: $0, network: network) } }
        return nodes
    }

    func disconnect(_ first: any NetworkEffects, from second: any NetworkEffects) async throws {
        try member(first).network.disconnect(first.localPeer, second.localPeer)
    }

    func reconnect(_ first: any NetworkEffects, with second: any NetworkEffects) async throws {
        try member(first).network.connect(first.localPeer, second.localPeer)
    }

    func stop(_ node: any NetworkEffects) async throws {
        try member(node).node.stop()
    }

    func finish() async {
        for member in members.withLock({ $0 }) { member.node.stop() }
    }

    private func member(_ node: any NetworkEffects) throws -> Member {
        let node = try #require(node as? MemoryNetworkHandler)
        return try #require(members.withLock { $0.first { $0.node === node } })
    }
}

struct ManualTimeHarness: TimeHarness {
    var capabilities: Capabilities { ManualTimeHandler.capabilities }

    func make() async throws -> any TimeEffects {
        ManualTimeHandler()
    }

    func letTimePass(_ duration: Duration, on time: any TimeEffects) async throws {
        try #require(time as? ManualTimeHandler).advance(by: duration)
    }

    func finish() async {}
}

struct SeededRandomHarness: ReseedingHarness {
    var capabilities: Capabilities { Capabilities() }

    func make() async throws -> any RandomEffects {
        try await make(seed: 20)
    }

    func make(seed: UInt64) async throws -> any RandomEffects {
        SeededRandomHandler(seed: seed)
    }

    func finish() async {}
}
