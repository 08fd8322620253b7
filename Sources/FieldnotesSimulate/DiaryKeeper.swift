internal import AuraEffects
internal import AuraSimulation
internal import Synchronization

/// A person who writes numbered lines into a stream of their own, and sends a line again, under the same id, until it is
/// acknowledged.
final class DiaryKeeper: Sendable {
    let number: Int
    let node: Node
    private let time: VirtualTimeHandler
    private let meanPause: Duration
    private let acknowledged = Mutex(0)
    /// The id of the line that was sent and not acknowledged.
    private let unacknowledged = Mutex<EntryID?>(nil)

    init(number: Int, node: Node, time: VirtualTimeHandler, meanPause: Duration) {
        self.number = number
        self.node = node
        self.time = time
        self.meanPause = meanPause
    }

    var stream: StreamName { StreamName("diary/\(number)") }

    /// How many lines were acknowledged; the one after them may be there.
    var lineCount: Int { acknowledged.withLock { $0 } }

    /// Writes until a duration is over.
    func write(for duration: Duration) async throws {
        let end = time.monotonicNow.advanced(by: duration)
        while true {
            try await time.sleep(for: meanPause * (Double(Int.random(in: 0..<2_000)) / 1_000))
            while await !sendLine() {
                try await time.sleep(for: .milliseconds(500))
                guard time.monotonicNow < end else { return }
            }
            guard time.monotonicNow < end else { return }
        }
    }

    /// Sends the line that is due, as often as it takes; whether it was acknowledged.
    func sendLine() async -> Bool {
        let id = unacknowledged.withLock { id in
            let kept = id ?? EntryID(rawValue: UInt128.random(in: .min ... .max))
            id = kept
            return kept
        }
        let line = JournalEntry.Draft(id: id, kind: "diary.line/1", payload: Self.payload(of: lineCount + 1))
        do {
            _ = try await node.perform { [stream] effects in try await effects.journal.append([line], to: stream) }
        } catch {
            return false
        }
        unacknowledged.withLock { $0 = nil }
        acknowledged.withLock { $0 += 1 }
        return true
    }

    static func payload(of line: Int) -> [UInt8] { Array("line \(line)".utf8) }
}
