internal import AuraEffects
internal import Synchronization

/// One exchange with a peer in both directions, from the first frontier to equal journals.
struct BothWays {
    private let core: ReplicationCore
    private let peer: PeerID
    /// What went to the peer before: taken before this node begins to answer it.
    private let before: PeerRecord

    init(core: ReplicationCore, peer: PeerID) {
        self.core = core
        self.peer = peer
        before = core.withState { $0.peers[peer] ?? PeerRecord() }
    }

    func run() async throws(EffectError) -> SynchronizationReport {
        let exchange = Exchange(core: core, peer: peer)
        do throws(EffectError) {
            return try await synchronize(exchange)
        } catch {
            if error.code != .cancelled { exchange.failed(error) }
            throw error
        }
    }

    private func synchronize(_ exchange: Exchange) async throws(EffectError) -> SynchronizationReport {
        var found = try await FrontierExchange(core: core, peer: peer).run()
        let pulled = try await exchange.pull(found.ahead)
        var lacking = Int.max
        while found.unsent > 0, found.unsent < lacking {
            lacking = found.unsent
            try await settle()
            found = try await FrontierExchange(core: core, peer: peer).run()
        }
        let after = record
        return SynchronizationReport(
            peer: peer,
            received: pulled.received,
            sent: after.sent - before.sent,
            receivedBytes: pulled.receivedBytes,
            sentBytes: after.sentBytes - before.sentBytes,
            batches: pulled.batches,
            unsent: found.unsent,
            quarantined: after.quarantined
        )
    }

    /// Waits until the peer has pulled, also where that takes longer than one reply may.
    private func settle() async throws(EffectError) {
        while true {
            let sentBytes = record.sentBytes
            do throws(EffectError) {
                return try await PeerClient(core: core, peer: peer).settle()
            } catch {
                guard error.code == .deadlineExceeded, record.sentBytes > sentBytes else { throw error }
            }
        }
    }

    private var record: PeerRecord {
        core.withState { $0.peers[peer] ?? PeerRecord() }
    }
}

/// Carries out a synchronization beside other duties, and keeps its report.
final class Initiator: Duty {
    private let synchronization: BothWays
    private let kept = Mutex<SynchronizationReport?>(nil)

    init(synchronization: BothWays) {
        self.synchronization = synchronization
    }

    /// What was exchanged, once it has ended.
    var report: SynchronizationReport? { kept.withLock { $0 } }

    func run() async throws(EffectError) {
        let report = try await synchronization.run()
        kept.withLock { $0 = report }
    }
}
