internal import AuraConformance
internal import AuraEffects
internal import AuraMemory
internal import AuraSystem
internal import Synchronization

/// A source of numbers that never change.
struct ConstantRandom: RandomEffects {
    var capabilities: Capabilities { Capabilities() }
    func nextUInt64() -> UInt64 { 4 }
    func bytes(_ count: Int) -> [UInt8] { Array(repeating: 4, count: count) }
}

/// A source whose bytes are letters: never above 127.
struct UnevenRandom: RandomEffects {
    private let base = SeededRandomHandler(seed: 1)
    var capabilities: Capabilities { Capabilities() }
    func nextUInt64() -> UInt64 { base.nextUInt64() }
    func bytes(_ count: Int) -> [UInt8] { base.bytes(count).map { $0 & 0x7f } }
}

struct BrokenRandomHarness: RandomHarness {
    let random: any RandomEffects
    var capabilities: Capabilities { random.capabilities }
    func make() async throws -> any RandomEffects { random }
    func finish() async {}
}

/// A clock whose sleeps end at once.
struct HastyTime: TimeEffects {
    private let base = SystemTimeHandler()
    var capabilities: Capabilities { Capabilities() }
    var now: WallTime { base.now }
    var monotonicNow: MonotonicInstant { base.monotonicNow }

    func sleep(until deadline: MonotonicInstant) async throws(EffectError) {
        if Task.isCancelled { try await base.sleep(until: deadline) }
    }
}

struct HastyTimeHarness: TimeHarness {
    var capabilities: Capabilities { Capabilities() }
    func make() async throws -> any TimeEffects { HastyTime() }
    func letTimePass(_ duration: Duration, on time: any TimeEffects) async throws {}
    func finish() async {}
}

/// A node that loses every seventh message, or waits for peers that do not exist.
struct BrokenNode: NetworkEffects {
    let base: MemoryNetworkHandler
    let loses: Bool
    private let count = Counter()

    init(_ base: MemoryNetworkHandler, loses: Bool) {
        self.base = base
        self.loses = loses
    }

    var capabilities: Capabilities { base.capabilities }
    var localPeer: PeerID { base.localPeer }

    func send(_ envelope: Envelope, to peer: PeerID) async throws(EffectError) {
        if loses, count.next().isMultiple(of: 7) { return }
        do throws(EffectError) {
            try await base.send(envelope, to: peer)
        } catch {
            if !loses, error.code == .unavailable { try await SystemTimeHandler().sleep(for: .seconds(3600)) }
            throw error
        }
    }

    func request(_ envelope: Envelope, to peer: PeerID, timeout: Duration) async throws(EffectError) -> Envelope {
        try await base.request(envelope, to: peer, timeout: timeout)
    }

    func reply(_ response: Envelope, to request: Envelope) async throws(EffectError) {
        try await base.reply(response, to: request)
    }

    func incoming(_ channel: ChannelName) -> NetworkSequence<Envelope> { base.incoming(channel) }
    func events() -> NetworkSequence<PeerEvent> { base.events() }
    func peers() async throws(EffectError) -> [PeerID] { try await base.peers() }

    private final class Counter: Sendable {
        private let count = Mutex(0)

        func next() -> Int {
            count.withLock { count in
                count += 1
                return count
            }
        }
    }
}

struct BrokenNetworkHarness: NetworkHarness {
    let loses: Bool
    var capabilities: Capabilities { MemoryNetworkHandler.capabilities }

    func make() async throws -> [any NetworkEffects] {
        let network = MemoryNetwork()
        return try ["a", "b", "c"]
            .map { name in
                BrokenNode(try network.join(PeerID(name), time: SystemTimeHandler()), loses: loses)
            }
    }

    func finish() async {}
}
