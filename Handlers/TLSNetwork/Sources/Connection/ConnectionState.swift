#if TLSNetwork
internal import AuraEffects

/// How far a connection is, and until when what has to come must have come.
struct ConnectionState: Sendable {
    /// How far a connection is.
    enum Phase: Sendable, Hashable {
        /// TLS shakes hands.
        case securing
        /// The peer is known; its hello has to come.
        case greeting
        /// Frames go both ways.
        case open
        /// This side has said goodbye; what still comes is of no importance.
        case closing
    }

    /// The times of a connection.
    struct Timeouts: Sendable, Hashable {
        var handshake: Duration
        var heartbeat: Duration
        var idle: Duration
        var frame: Duration
        var drain: Duration
    }

    private let timeouts: Timeouts
    private(set) var phase = Phase.securing
    /// Whether both sides have said hello at any time.
    private(set) var wasOpened = false
    /// Whether this side reads nothing for now.
    private(set) var isPaused = false
    private var phaseBegan: MonotonicInstant
    private var lastFrame: MonotonicInstant
    private var lastDeparture: MonotonicInstant
    private var frameBegan: MonotonicInstant?

    init(_ timeouts: Timeouts, at now: MonotonicInstant) {
        self.timeouts = timeouts
        phaseBegan = now
        lastFrame = now
        lastDeparture = now
    }

    /// TLS's handshake is done.
    mutating func secured() {
        if phase == .securing { phase = .greeting }
    }

    /// Both sides have said hello.
    mutating func opened(at now: MonotonicInstant) {
        phase = .open
        wasOpened = true
        phaseBegan = now
    }

    /// This side reads nothing for now: whatever is late, it is not the peer that is.
    mutating func paused() {
        isPaused = true
    }

    /// This side reads again.
    mutating func resumed(at now: MonotonicInstant) {
        guard isPaused else { return }
        isPaused = false
        lastFrame = now
        if frameBegan != nil { frameBegan = now }
    }

    /// This side has said goodbye.
    mutating func closing(at now: MonotonicInstant) {
        guard phase != .closing else { return }
        phase = .closing
        phaseBegan = now
    }

    /// Whether a frame may come now.
    func check(_ frame: Frame) throws(FrameViolation) {
        switch (phase, frame) {
        case (.greeting, .hello), (.greeting, .goodbye): break
        case (.greeting, _): throw .unexpected("the first frame is no hello")
        case (.open, .hello): throw .unexpected("a second hello")
        default: break
        }
    }

    /// Bytes came.
    ///
    /// - Parameters:
    ///   - now: When.
    ///   - frames: How many frames they completed.
    ///   - isAmidFrame: Whether a frame has begun and not ended.
    mutating func received(at now: MonotonicInstant, frames: Int, isAmidFrame: Bool) {
        if frames > 0 { lastFrame = now }
        if !isAmidFrame {
            frameBegan = nil
        } else if frames > 0 || frameBegan == nil {
            frameBegan = now
        }
    }

    /// Bytes were sent.
    mutating func sent(at now: MonotonicInstant) {
        lastDeparture = now
    }

    /// Why the connection has to end; `nil` where all is in time.
    func overdue(at now: MonotonicInstant) -> String? {
        switch phase {
        case .securing, .greeting:
            return phaseBegan.duration(to: now) >= timeouts.handshake ? "it was not ready in time" : nil
        case .closing:
            return phaseBegan.duration(to: now) >= timeouts.drain ? "the peer did not close it in time" : nil
        case .open where isPaused:
            return nil
        case .open:
            if let frameBegan, frameBegan.duration(to: now) >= timeouts.frame { return "a frame did not end in time" }
            return lastFrame.duration(to: now) >= timeouts.idle ? "nothing came from the peer in time" : nil
        }
    }

    /// Whether this side has been silent for so long that it must say that it is there.
    func needsHeartbeat(at now: MonotonicInstant) -> Bool {
        phase == .open && lastDeparture.duration(to: now) >= timeouts.heartbeat
    }
}
#endif
