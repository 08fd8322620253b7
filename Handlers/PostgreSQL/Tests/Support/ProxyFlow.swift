#if PostgreSQL
internal import Foundation

/// The bytes of a connection in one direction.
struct ProxyFlow {
    typealias Instant = ContinuousClock.Instant

    /// How the source ended.
    private enum Ending {
        case finished
        case reset
    }

    /// What became of the connection in a step.
    enum Outcome {
        case goesOn
        case reset
        /// The sink takes nothing any more, which the source does not know yet.
        case sinkIsGone
    }

    /// As much as is held back before the source has to wait.
    private static let capacity = 1 << 20
    private static let readSize = 1 << 16

    let source: ProxySocket
    let sink: ProxySocket
    private(set) var bytesRead = 0

    private var chunks: [(bytes: ArraySlice<UInt8>, due: Instant)] = []
    private var heldBack = 0
    /// When the limit lets the next bytes through.
    private var nextSending: Instant?
    private var ending: Ending?
    private var hasEnded = false
    /// Whether the passage is swallowed for ever.
    private(set) var lostSomething = false

    init(from source: ProxySocket, to sink: ProxySocket) {
        self.source = source
        self.sink = sink
    }

    /// Whether nothing will ever get through any more, and both sides know as much as they are to know.
    var isDone: Bool { ending != nil && (hasEnded || lostSomething) }

    func wantsReading(_ passage: ProxyConduct.Passage) -> Bool {
        ending == nil && heldBack < Self.capacity && (passage != .stalled || lostSomething)
    }

    /// Whether bytes are due now and the sink takes no more.
    func wantsWriting(_ passage: ProxyConduct.Passage, at now: Instant) -> Bool {
        passage == .open && !lostSomething && (nextTime ?? now + .seconds(1)) <= now
    }

    /// When there is something to do although no socket stirs.
    func nextTime(_ passage: ProxyConduct.Passage, after now: Instant) -> Instant? {
        guard passage == .open, !lostSomething, let nextTime, nextTime > now else { return nil }
        return nextTime
    }

    private var nextTime: Instant? {
        guard let due = chunks.first?.due else { return nil }
        return max(due, nextSending ?? due)
    }

    /// Reads and passes on what it may.
    mutating func step(_ conduct: ProxyConduct, _ passage: ProxyConduct.Passage, at now: Instant) -> Outcome {
        if passage == .swallowed && !chunks.isEmpty { loseEverything() }
        if wantsReading(passage) { read(conduct, passage, at: now) }
        guard passage == .open, !lostSomething else { return .goesOn }
        guard write(conduct, at: now) else {
            loseEverything()
            return .sinkIsGone
        }
        guard chunks.isEmpty, !hasEnded, let ending else { return .goesOn }
        if ending == .reset { return .reset }
        sink.endWriting()
        hasEnded = true
        return .goesOn
    }

    private mutating func read(_ conduct: ProxyConduct, _ passage: ProxyConduct.Passage, at now: Instant) {
        let isLost = passage == .swallowed || lostSomething
        while heldBack < Self.capacity {
            switch source.read(atMost: Self.readSize) {
            case .bytes(let bytes):
                bytesRead += bytes.count
                if isLost {
                    lostSomething = true
                } else {
                    chunks.append((bytes[...], now + conduct.latency))
                    heldBack += bytes.count
                }
            case .nothingYet: return
            case .end where isLost, .broken where isLost:
                lostSomething = true
                ending = .finished
                return
            case .end:
                ending = .finished
                return
            case .broken:
                ending = .reset
                return
            }
        }
    }

    /// Whether the sink is still there.
    private mutating func write(_ conduct: ProxyConduct, at now: Instant) -> Bool {
        while let chunk = chunks.first, let nextTime, nextTime <= now {
            // Twenty times a second what the limit allows, so that it holds over short times as well.
            let count = conduct.bytesPerSecond.map { max(1, $0 / 20) } ?? chunk.bytes.count
            switch sink.write(chunk.bytes.prefix(count)) {
            case .broken: return false
            case .notYet: return true
            case .written(let count):
                heldBack -= count
                if count == chunk.bytes.count { chunks.removeFirst() } else { chunks[0].bytes.removeFirst(count) }
                nextSending = conduct.bytesPerSecond.map { now + .seconds(1) * count / $0 }
            }
        }
        return true
    }

    private mutating func loseEverything() {
        chunks = []
        heldBack = 0
        lostSomething = true
    }
}
#endif
