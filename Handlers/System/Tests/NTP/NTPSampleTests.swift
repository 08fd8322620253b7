internal import Testing

@testable internal import AuraSystem

@Suite("What an exchange says of the time")
struct NTPSampleTests {
    private static let second: Int64 = 1_000_000_000
    private static let wall = 1_800_000_000 * second

    /// A reply of a server whose clock shows `wall` when the monotonic clock shows 0.
    private func reply(_ received: Int64, _ sent: Int64, _ change: (inout NTPPacket) -> Void = { _ in }) -> NTPPacket {
        var packet = NTPPacket(mode: NTPPacket.serverMode, stratum: 2, precision: -20)
        packet.receive = NTPTimestamp(nanosecondsSinceEpoch: Self.wall + received)
        packet.transmit = NTPTimestamp(nanosecondsSinceEpoch: Self.wall + sent)
        change(&packet)
        return packet
    }

    private func sample(_ packet: NTPPacket, sent: Int64 = 1000, received: Int64) throws(NTPRefusal) -> NTPSample {
        try NTPSample(packet, sent: sent, received: received, wall: Self.wall)
    }

    @Test("offset and delay follow from the four times, whatever the server does in between")
    func offset() throws {
        // 30 ms there, 5 s at the server, 30 ms back.
        let packet = reply(30_000_000 + 1000, 5_030_000_000 + 1000)
        let sample = try sample(packet, received: 5_060_000_000 + 1000)
        #expect(abs(sample.offset - Self.wall) <= 1)
        #expect(abs(sample.delay - 60_000_000) <= 2)
    }

    @Test("a way that takes longer there than back puts the offset off by less than half of the delay")
    func asymmetry() throws {
        let sample = try sample(reply(90_001_000, 90_001_000), received: 100_001_000)
        #expect(abs(sample.offset - Self.wall - 40_000_000) <= 1)
        #expect(abs(sample.offset - Self.wall) <= sample.delay / 2)
    }

    @Test("the distance has all that is between here and the reference clock, and grows by 15 ppm")
    func distance() throws {
        let packet = reply(10_001_000, 10_001_000) { packet in
            packet.rootDelay = 20_000_000
            packet.rootDispersion = 3_000_000
        }
        let sample = try sample(packet, received: 20_001_000)
        // Half of 20 ms and of 20 ms, 3 ms, the precisions of 2^-20 s and 1 µs, and 15 ppm of 20 ms.
        let expected: Int64 = 10_000_000 + 10_000_000 + 3_000_000 + 953 + 1000 + 300
        #expect(abs(sample.distance(at: sample.received) - expected) <= 20)
        let later = sample.distance(at: sample.received + 1000 * Self.second)
        #expect(later - sample.distance(at: sample.received) == 15_000_000)
    }

    @Test("a server that does not know the time is refused", arguments: [0, 1, 2, 3])
    func unsynchronized(_ which: Int) {
        let packet = reply(1000, 1000) { packet in
            switch which {
            case 0: packet.leap = 3
            case 1: packet.stratum = 0
            case 2: packet.stratum = 16
            default: packet.stratum = 255
            }
        }
        #expect(throws: NTPRefusal.unsynchronized) { try sample(packet, received: 2000) }
    }

    @Test("a server far from a reference clock is refused")
    func distant() {
        let packet = reply(1000, 1000) { $0.rootDispersion = 1_600_000_000 }
        #expect(throws: NTPRefusal.distant) { try sample(packet, received: 2000) }
    }

    @Test("times that contradict one another are refused")
    func implausible() {
        // It answers before it was asked.
        #expect(throws: NTPRefusal.implausible) { try sample(reply(5000, 2000), received: 9000) }
        // It says that it took ten seconds, of an exchange that took one.
        #expect(throws: NTPRefusal.implausible) { try sample(reply(0, 10 * Self.second), received: Self.second) }
        let empty = reply(0, 0) { $0.transmit = NTPTimestamp(rawValue: 0) }
        #expect(throws: NTPRefusal.implausible) { try sample(empty, received: 2000) }
    }

    @Test("a machine whose clock begins anew in 1970 learns the present all the same")
    func withoutClock() throws {
        let sample = try NTPSample(reply(1000, 1000), sent: 1000, received: 1000, wall: 5)
        #expect(abs(sample.offset - Self.wall) <= 1)
    }
}
