internal import Testing

@testable internal import AuraSystem

@Suite("NTP packets")
struct NTPPacketTests {
    private static let second: Int64 = 1_000_000_000
    /// A reply of a server beside a reference clock, byte by byte as RFC 5905 lays it out.
    private static let reply: [UInt8] =
        [0x24, 1, 6, 0xE9]  // leap 0, version 4, mode 4; stratum 1; poll 2^6 s; precision 2^-23 s
        + [0, 0, 0x80, 0]  // root delay 0.5 s
        + [0, 1, 0x40, 0]  // root dispersion 1.25 s
        + Array("GPS\0".utf8)
        + [0xEE, 0, 0, 0, 0, 0, 0, 0]  // reference
        + [1, 2, 3, 4, 5, 6, 7, 8]  // origin
        + [0xEE, 0, 0, 1, 0x80, 0, 0, 0]  // receive
        + [0xEE, 0, 0, 2, 0x40, 0, 0, 0]  // transmit

    @Test("a reply is read as RFC 5905 lays it out")
    func fields() throws {
        let packet = try #require(NTPPacket(Self.reply))
        #expect((packet.leap, packet.version, packet.mode) == (0, 4, 4))
        #expect((packet.stratum, packet.poll, packet.precision) == (1, 6, -23))
        #expect(packet.rootDelay == Self.second / 2)
        #expect(packet.rootDispersion == Self.second * 5 / 4)
        #expect(packet.referenceID == 0x4750_5300)
        #expect(packet.origin.rawValue == 0x0102_0304_0506_0708)
        #expect(packet.receive.rawValue == 0xEE00_0001_8000_0000)
        #expect(packet.transmit.rawValue == 0xEE00_0002_4000_0000)
        #expect(packet.kissOfDeath == nil)
        #expect(packet.bytes == Self.reply)
    }

    @Test("a packet is read from a slice, what follows it is not looked at, and a shorter one is none")
    func lengths() {
        let longer = [9, 9] + Self.reply + [7, 7, 7]
        #expect(NTPPacket(longer.dropFirst(2))?.bytes == Self.reply)
        for count in 0..<NTPPacket.byteCount { #expect(NTPPacket(Self.reply.prefix(count)) == nil) }
    }

    @Test("a request tells nothing of its sender")
    func request() {
        let bytes = NTPPacket.request(cookie: NTPTimestamp(rawValue: 0x1122_3344_5566_7788)).bytes
        #expect(bytes == [0x23] + [UInt8](repeating: 0, count: 39) + [0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88])
    }

    @Test("only the request's own cookie makes a packet its answer")
    func cookies() throws {
        let packet = try #require(NTPPacket(Self.reply))
        let cookie = NTPTimestamp(rawValue: 0x0102_0304_0506_0708)
        #expect(packet.answers(cookie))
        #expect(!packet.answers(NTPTimestamp(rawValue: 0x0102_0304_0506_0709)))
        var other = packet
        other.mode = 3
        #expect(!other.answers(cookie))
        other = packet
        other.version = 3
        #expect(!other.answers(cookie))
        other = packet
        other.origin = NTPTimestamp(rawValue: 0)
        #expect(!other.answers(NTPTimestamp(rawValue: 0)))
    }

    @Test("whatever bits of a reply change, only one with the cookie in its place is taken, and nothing traps")
    func mutations() throws {
        var generator = SeededGenerator(state: 42)
        let cookie = NTPTimestamp(rawValue: 0x0102_0304_0506_0708)
        let wall: Int64 = 1_800_000_000 * Self.second
        var (taken, refused, foreign) = (0, 0, 0)
        for _ in 0..<200_000 {
            var bytes = Self.reply
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let index = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
                case 1: bytes[index] = .random(in: 0...255, using: &generator)
                case 2: bytes[index] = [0, 0xFF, 0x7F, 0x80].randomElement(using: &generator) ?? 0
                default: bytes.removeLast(Int.random(in: 0...min(3, bytes.count - 1), using: &generator))
                }
                if bytes.isEmpty { break }
            }
            guard let packet = NTPPacket(bytes), packet.answers(cookie) else {
                foreign += 1
                continue
            }
            #expect(Array(bytes[24..<32]) == [1, 2, 3, 4, 5, 6, 7, 8])
            #expect(bytes[0] & 0x3F == 0x24)
            var server = NTPServer(try #require(NTPServerName("a")), NTPSchedule.Intervals(poll: 1), now: 0)
            server.record(.reply(packet, sent: 5, received: 5 + 2 * Self.second), now: 9, wall: wall)
            if let sample = server.filter.last {
                taken += 1
                #expect(sample.delay > 0 && sample.distance(at: 9) < 1_500_000_000)
            } else {
                refused += 1
            }
        }
        // All three kinds occur in number, or the test tests nothing.
        #expect(min(taken, refused, foreign) > 100, "\(taken) taken, \(refused) refused, \(foreign) foreign")
    }

    @Test(
        "a timestamp is the moment of the era that is nearest",
        arguments: [
            (0x83AA_7E80_0000_0000, 0, 0), (0x83AA_7E80_8000_0000, 0, 500_000_000),
            // The first era ends on 2036-02-07T06:28:16Z.
            (0xFFFF_FFFF_0000_0000, 2_000_000_000, 2_085_978_495_000_000_000),
            (0x0000_0000_0000_0000, 2_000_000_000, 2_085_978_496_000_000_000),
            (0x0000_0001_4000_0000, 2_085_978_495, 2_085_978_497_250_000_000),
            (0xFFFF_FFFF_0000_0000, 2_085_978_499, 2_085_978_495_000_000_000),
        ] as [(UInt64, Int64, Int64)]
    )
    func eras(_ rawValue: UInt64, _ seconds: Int64, _ moment: Int64) {
        let timestamp = NTPTimestamp(rawValue: rawValue)
        #expect(timestamp.nanosecondsSinceEpoch(near: seconds * Self.second) == moment)
        #expect(NTPTimestamp(nanosecondsSinceEpoch: moment) == timestamp)
    }

    @Test("a moment survives being written as a timestamp, to the nanosecond")
    func timestamps() {
        var generator = SeededGenerator(state: 7)
        for _ in 0..<10_000 {
            let moment =
                Int64.random(in: -1_000_000_000...4_000_000_000, using: &generator) * Self.second
                + Int64.random(in: 0..<Self.second, using: &generator)
            let read = NTPTimestamp(nanosecondsSinceEpoch: moment).nanosecondsSinceEpoch(near: moment)
            #expect(abs(read - moment) <= 1)
        }
    }
}
