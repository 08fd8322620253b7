internal import AuraEffects

@testable internal import AuraSystem

/// The reply of a time server, behind 12 bytes that say when it was asked, how long that took, and about what time it is:
/// whatever the reply holds, it gives a sample that is near enough, or none.
enum NTPTarget: FuzzTarget {
    static let name = "ntp"

    static func check(_ bytes: [UInt8]) {
        guard bytes.count >= 12 else { return }
        func number(_ offset: Int) -> Int64 { bytes[offset..<(offset + 4)].reduce(0) { $0 << 8 | Int64($1) } }
        // A machine that has been up for at most 136 years asks at most a minute, and knows its century.
        let sent = number(0) * 1_000_000_000
        let received = sent + number(4) % 60_000 * 1_000_000
        let wall = number(8) * 1_000_000_000
        guard let packet = NTPPacket(bytes.dropFirst(12)) else { return }
        let written = NTPPacket(packet.bytes)
        precondition(
            written?.transmit == packet.transmit && written?.receive == packet.receive,
            "another packet is written"
        )
        precondition(packet.kissOfDeath?.utf8.count ?? 4 == 4, "a kiss of death has other than four letters")
        guard let sample = try? NTPSample(packet, sent: sent, received: received, wall: wall) else { return }
        precondition(sample.delay > 0 && sample.dispersion > 0, "a reply takes no time")
        precondition(sample.distance(at: received + 3_600_000_000_000) > sample.distance(at: received), "doubt shrinks")
    }
}
