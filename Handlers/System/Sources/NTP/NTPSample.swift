/// What one exchange with a server says of the time.
struct NTPSample: Sendable, Hashable {
    /// How far a clock may drift that nobody corrects, in nanoseconds a second (PHI of RFC 5905, section 7.2).
    static let drift: Int64 = 15_000

    /// What has to be added to the monotonic clock for the true time since 1970, in nanoseconds.
    var offset: Int64
    /// How long request and reply were under way, in nanoseconds.
    var delay: Int64
    /// How far off the two clocks' readings may be, in nanoseconds.
    var dispersion: Int64
    /// The same from the server to its reference clock.
    var rootDelay: Int64 = 0
    /// The same from the server to its reference clock.
    var rootDispersion: Int64 = 0
    var stratum: UInt8 = 1
    /// When the reply came, on the monotonic clock in nanoseconds.
    var received: Int64

    /// How far the true time may lie from `offset` to either side, at a later moment of the monotonic clock.
    ///
    /// Source: RFC 5905, section 10, the root distance.
    func distance(at moment: Int64) -> Int64 {
        (rootDelay + delay) / 2 + rootDispersion + dispersion(at: moment)
    }

    /// How far off the two clocks' readings may be by now.
    func dispersion(at moment: Int64) -> Int64 {
        dispersion + Self.drift(over: moment - received)
    }

    /// How far a clock may drift within a time, both in nanoseconds.
    static func drift(over elapsed: Int64) -> Int64 {
        max(0, elapsed) / 1_000_000_000 * drift + max(0, elapsed) % 1_000_000_000 * drift / 1_000_000_000
    }
}

/// Why the time in a reply is not taken.
enum NTPRefusal: String, Error {
    case unsynchronized = "says that it does not know the time"
    case distant = "is too far from a reference clock"
    case implausible = "sent times that contradict one another"
}

extension NTPSample {
    /// The greatest distance of a server from a reference clock, in nanoseconds (MAXDIST of RFC 5905, section 7.2).
    private static let mostDistance: Int64 = 1_500_000_000
    /// Servers have a stratum below (MAXSTRAT of RFC 5905, section 7.2).
    private static let mostStratum: UInt8 = 16
    /// What reading this machine's clock takes, in nanoseconds.
    private static let precision: Int64 = 1000
    /// 2026-01-01T00:00:00Z: a clock before that is wrong, and no help in telling in which era of NTP it is.
    private static let earliest: Int64 = 1_767_225_600_000_000_000

    /// Takes the time from a reply to our request.
    ///
    /// - Parameters:
    ///   - packet: The reply.
    ///   - sent: When the request went, on the monotonic clock in nanoseconds.
    ///   - received: When the reply came.
    ///   - wall: About what time it is, in nanoseconds since 1970: better than 68 years.
    /// - Throws: ``NTPRefusal``.
    init(_ packet: NTPPacket, sent: Int64, received: Int64, wall: Int64) throws(NTPRefusal) {
        guard packet.leap != NTPPacket.unknownLeap, (1..<Self.mostStratum).contains(packet.stratum) else {
            throw .unsynchronized
        }
        guard packet.receive.rawValue != 0, packet.transmit.rawValue != 0 else { throw .implausible }
        let near = max(wall, Self.earliest)
        let arrival = packet.receive.nanosecondsSinceEpoch(near: near)
        let departure = packet.transmit.nanosecondsSinceEpoch(near: near)
        let (atServer, overflow) = departure.subtractingReportingOverflow(arrival)
        // A server's answer takes no time that the exchange as a whole did not take; a coarse clock may err a little.
        let underWay = received - sent - atServer
        guard !overflow, atServer >= 0, underWay >= -Self.mostDistance / 1000 else { throw .implausible }
        self.init(
            // The means of the two ways; halves first, since the sums do not fit into 64 bits.
            offset: arrival - sent + (departure - received - (arrival - sent)) / 2,
            delay: max(underWay, Self.precision),
            dispersion: Self.nanoseconds(ofPrecision: packet.precision) + Self.precision
                + Self.drift(over: received - sent),
            rootDelay: packet.rootDelay,
            rootDispersion: packet.rootDispersion,
            stratum: packet.stratum,
            received: received
        )
        guard distance(at: received) < Self.mostDistance else { throw .distant }
    }

    private static func nanoseconds(ofPrecision exponent: Int8) -> Int64 {
        exponent >= 0 ? 1_000_000_000 << min(exponent, 8) : 1_000_000_000 >> min(-Int64(exponent), 30)
    }
}
