/// What is known of one server.
struct NTPServer: Sendable {
    /// How an exchange with a server ended.
    enum Outcome: Sendable {
        /// It answered.
        case reply(NTPPacket, sent: Int64, received: Int64)
        /// It did not answer in time, or its machine said that nobody is there.
        case silence
    }

    let name: NTPServerName
    /// Its address; `nil` until the name is resolved.
    var address: SocketAddress?
    private(set) var filter = NTPFilter()
    private(set) var schedule: NTPSchedule
    /// Why its last answer was not taken.
    private(set) var refusal: NTPRefusal?
    /// The code with which it said that it is not to be asked again.
    private(set) var denial: String?
    /// How often it contradicted itself.
    private(set) var jumps = 0

    /// After so many silences the name is resolved again: its server may have moved.
    private static let mostSilences = 8

    init(_ name: NTPServerName, _ intervals: NTPSchedule.Intervals, now: Int64) {
        self.name = name
        schedule = NTPSchedule(intervals, now: now)
    }

    /// When it is to be asked; `nil` for never.
    var due: Int64? { denial == nil ? schedule.next : nil }

    /// Whether nothing new is to be expected of it soon.
    var isSettled: Bool {
        denial != nil || refusal != nil || filter.isSettled || schedule.isSilent
    }

    /// Takes note of how an exchange ended.
    ///
    /// - Parameters:
    ///   - outcome: How it ended.
    ///   - now: The moment, on the monotonic clock in nanoseconds.
    ///   - wall: About what time it is.
    mutating func record(_ outcome: Outcome, now: Int64, wall: Int64) {
        guard case .reply(let packet, let sent, let received) = outcome else {
            schedule.missed(at: now)
            if schedule.unanswered.isMultiple(of: Self.mostSilences) { address = nil }
            return
        }
        if let kiss = packet.kissOfDeath {
            obey(kiss, now: now)
            return
        }
        do throws(NTPRefusal) {
            let sample = try NTPSample(packet, sent: sent, received: received, wall: wall)
            let isJump = filter.add(sample)
            if isJump { jumps += 1 }
            refusal = nil
            schedule.answered(at: now, isNews: isJump)
        } catch {
            refusal = error
            filter.clear()
            schedule.answered(at: now, isNews: false)
        }
    }

    /// Source: RFC 5905, section 7.4.
    private mutating func obey(_ kiss: String, now: Int64) {
        switch kiss {
        case "DENY", "RSTR":
            denial = kiss
            filter.clear()
        case "RATE":
            schedule.slowDown(at: now)
        default:
            refusal = .unsynchronized
            filter.clear()
            schedule.answered(at: now, isNews: false)
        }
    }

    /// What it says of the time at a moment; `nil` while it cannot be listened to.
    func candidate(_ index: Int, at now: Int64) -> NTPCandidate? {
        guard denial == nil, refusal == nil, schedule.reach != 0, filter.isSettled, let best = filter.best else {
            return nil
        }
        return NTPCandidate(
            server: index,
            offset: best.offset,
            distance: best.distance(at: now) + filter.jitter,
            jitter: filter.jitter,
            stratum: best.stratum
        )
    }
}
