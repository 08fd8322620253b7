#if TLSNetwork
internal import AuraEffects
@testable internal import AuraTLSNetwork
internal import Testing

@Suite("Frames")
struct FrameTests {
    static let frames: [Frame] = [
        .hello(Hello(instance: .max, serial: 7, payloadLimit: 1 << 20, window: 65_536, channelLimit: 12)),
        .message(Envelope(channel: "", payload: [])),
        .message(Envelope(channel: "größe", headers: ["": "", "a\0": "é"], payload: Array(0...255))),
        .message(Envelope(channel: "large", payload: [UInt8](repeating: 9, count: 300_000))),
        .request(1, timeout: .milliseconds(250), Envelope(channel: "q", headers: ["k": "v"], payload: [1])),
        .reply(.max, Envelope(channel: "", headers: ["k": "v"], payload: [2, 3])),
        .credit("c", 1_000_000), .heartbeat, .goodbye(.duplicate),
    ]

    static func bytes(_ frame: Frame) throws -> [UInt8] {
        let outgoing = try OutgoingFrame(frame)
        return outgoing.head + outgoing.payload
    }

    /// What comes out of bytes that arrive in pieces of a size.
    static func decode(_ bytes: [UInt8], pieces: Int, limit: Int = 1 << 20) throws(FrameViolation) -> [Frame] {
        var decoder = FrameDecoder(payloadLimit: limit)
        var frames: [Frame] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            var piece = rest.prefix(pieces)
            rest = rest.dropFirst(pieces)
            while let frame = try decoder.next(&piece) { frames.append(frame) }
        }
        return frames
    }

    @Test("frames come out as they went in, in whatever pieces they arrive", arguments: [1, 2, 3, 7, 16_384, .max])
    func pieces(size: Int) throws {
        let bytes = try Self.frames.flatMap(Self.bytes)
        let decoded = try Self.decode(bytes, pieces: size)
        #expect(decoded == Self.frames)
    }

    @Test("a payload can be put where it stays, between pieces that are copied")
    func filledPayload() throws {
        let frame = Frame.message(Envelope(channel: "c", payload: (0..<70_000).map { UInt8(truncatingIfNeeded: $0) }))
        let bytes = try Self.bytes(frame)
        var decoder = FrameDecoder(payloadLimit: 1 << 20)
        var rest = bytes[...]
        var first = rest.prefix(1000)
        rest = rest.dropFirst(1000)
        #expect(decoder.missingPayloadBytes == 0)
        #expect(try decoder.next(&first) == nil)
        while decoder.missingPayloadBytes >= 16_384 {
            let record = rest.prefix(16_384)
            decoder.fillPayload(record.count) { output in
                for byte in record { output.append(byte) }
            }
            rest = rest.dropFirst(record.count)
        }
        #expect(decoder.missingPayloadBytes == rest.count)
        #expect(try decoder.next(&rest) == frame)
        #expect(!decoder.isAmidFrame)
    }

    @Test("a decoder knows whether it is amid a frame")
    func amid() throws {
        var decoder = FrameDecoder(payloadLimit: 100)
        let bytes = try Self.bytes(.message(Envelope(channel: "c", payload: [1, 2, 3])))
        for count in 1..<bytes.count {
            var piece = bytes[(count - 1)..<count]
            #expect(try decoder.next(&piece) == nil)
            #expect(decoder.isAmidFrame, "after \(count) bytes")
        }
        var last = bytes[(bytes.count - 1)...]
        #expect(try decoder.next(&last) != nil)
        #expect(!decoder.isAmidFrame)
    }

    @Test("a frame of 4 GiB is refused by its length alone")
    func hugeLength() {
        #expect(throws: FrameViolation.longFrame(.max)) {
            try Self.decode([0xff, 0xff, 0xff, 0xff, 2, 0, 0, 4], pieces: 8)
        }
    }

    @Test("the limit of a payload holds to the byte")
    func limit() throws {
        let largest = try Self.bytes(.message(Envelope(channel: "c", payload: [UInt8](repeating: 1, count: 50))))
        let larger = try Self.bytes(.message(Envelope(channel: "c", payload: [UInt8](repeating: 1, count: 51))))
        #expect(try Self.decode(largest, pieces: 9, limit: 50).count == 1)
        #expect(throws: FrameViolation.self) { try Self.decode(larger, pieces: 9, limit: 50) }
    }

    @Test(
        "what is no frame is refused",
        arguments: [
            [0, 0, 0, 4, 99, 0, 0, 0],  // no such kind
            [0, 0, 0, 4, 6, 1, 0, 0],  // the zero is none
            [0, 0, 0, 4, 6, 0, 0, 1],  // a head beyond the frame
            [0, 0, 0, 5, 6, 0, 0, 1, 0],  // a heartbeat with something in it
            [0, 0, 0, 5, 6, 0, 0, 0, 0],  // a heartbeat with a payload
            [0, 0, 0, 5, 2, 0, 0, 1, 200],  // a channel that is not there
            [0, 0, 0, 8, 2, 0, 0, 4, 1, 0xff, 0, 0],  // a channel that is not UTF-8
            [0, 0, 0, 7, 2, 0, 0, 3, 0, 0, 9],  // headers that are not there
            [0, 0, 0, 20, 3, 0, 0, 16, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 65, 0, 0],  // a request without time
            [0, 0, 0, 8, 1, 0, 0, 4, 65, 85, 82, 66],  // another protocol's hello
            [0, 0, 0, 10, 1, 0, 0, 6, 65, 85, 82, 65, 0, 2],  // another version's hello
        ] as [[UInt8]]
    )
    func malformed(bytes: [UInt8]) {
        #expect(throws: FrameViolation.self) { try Self.decode(bytes, pieces: 3) }
    }

    @Test("a header that comes twice is refused")
    func headerTwice() {
        let header: [UInt8] = [0, 1, 65, 0, 0]
        let head: [UInt8] = [0, 0, 2] + header + header
        #expect(throws: FrameViolation.self) {
            try Self.decode([0, 0, 0, UInt8(4 + head.count), 2, 0, 0, UInt8(head.count)] + head, pieces: 4)
        }
    }

    @Test("channel and headers that do not fit are not sent")
    func longHeads() {
        let long = String(repeating: "a", count: 256)
        #expect(throws: FrameViolation.longChannel(256)) {
            try OutgoingFrame(.message(Envelope(channel: ChannelName(rawValue: long), payload: [])))
        }
        let header = String(repeating: "a", count: 65_520)
        #expect(throws: FrameViolation.longHead) {
            try OutgoingFrame(.message(Envelope(channel: "c", headers: ["aaaaaaaaaaaaaaaa": header], payload: [])))
        }
    }

    @Test("damaged frames are decoded or refused, never worse")
    func damaged() throws {
        var generator = SplitMix(state: 7)
        let whole = try Self.frames.filter { $0 != Self.frames[3] }.flatMap(Self.bytes)
        var refused = 0
        for _ in 0..<5000 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                bytes[Int.random(in: bytes.indices, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            do throws(FrameViolation) {
                _ = try Self.decode(bytes, pieces: Int.random(in: 1...64, using: &generator))
            } catch {
                refused += 1
            }
        }
        #expect(refused > 1000)
    }
}

/// A seeded generator, so that a failure comes again.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
#endif
