/// The 48 bytes of an NTP message; what may follow them is not looked at.
///
/// Source: RFC 5905, section 7.3.
struct NTPPacket: Sendable, Hashable {
    static let byteCount = 48
    static let version: UInt8 = 4
    static let clientMode: UInt8 = 3
    static let serverMode: UInt8 = 4
    /// What `leap` says of a server that does not know the time.
    static let unknownLeap: UInt8 = 3

    var leap: UInt8 = 0
    var version = Self.version
    var mode: UInt8
    var stratum: UInt8 = 0
    /// The exponent of two of the seconds between polls.
    var poll: Int8 = 0
    /// The exponent of two of the server's precision in seconds.
    var precision: Int8 = 0
    /// The way to the reference clock and back, in nanoseconds.
    var rootDelay: Int64 = 0
    /// How far off the server's clock may be beyond that, in nanoseconds.
    var rootDispersion: Int64 = 0
    var referenceID: UInt32 = 0
    var reference = NTPTimestamp(rawValue: 0)
    var origin = NTPTimestamp(rawValue: 0)
    var receive = NTPTimestamp(rawValue: 0)
    var transmit = NTPTimestamp(rawValue: 0)

    /// A request that tells of its sender nothing but that it wants the time.
    ///
    /// - Parameter cookie: A random number in the place of the sender's clock; the reply repeats it.
    /// - Returns: The request.
    static func request(cookie: NTPTimestamp) -> NTPPacket {
        NTPPacket(mode: clientMode, transmit: cookie)
    }

    /// Whether this is a server's reply to the request with a cookie: nobody who did not see the request knows that.
    func answers(_ cookie: NTPTimestamp) -> Bool {
        mode == Self.serverMode && version == Self.version && origin == cookie && cookie.rawValue != 0
    }

    /// The four letters with which a server says that it does not want the request; `nil` for any other packet.
    ///
    /// Source: RFC 5905, section 7.4.
    var kissOfDeath: String? {
        guard stratum == 0, referenceID != 0 else { return nil }
        let letters = (0..<4).map { UInt8(truncatingIfNeeded: referenceID >> (24 - 8 * $0)) }
        guard letters.allSatisfy({ (0x20..<0x7F).contains($0) }) else { return nil }
        return String(decoding: letters, as: UTF8.self)
    }
}

extension NTPPacket {
    /// Reads a message; `nil` where it is too short to be one.
    init?(_ bytes: some RandomAccessCollection<UInt8>) {
        guard bytes.count >= Self.byteCount else { return nil }
        func number(_ offset: Int, _ count: Int) -> UInt64 {
            bytes.dropFirst(offset).prefix(count).reduce(0) { $0 << 8 | UInt64($1) }
        }
        let head = UInt8(number(0, 1))
        leap = head >> 6
        version = head >> 3 & 7
        mode = head & 7
        stratum = UInt8(number(1, 1))
        poll = Int8(bitPattern: UInt8(number(2, 1)))
        precision = Int8(bitPattern: UInt8(number(3, 1)))
        rootDelay = Self.nanoseconds(ofShort: number(4, 4))
        rootDispersion = Self.nanoseconds(ofShort: number(8, 4))
        referenceID = UInt32(number(12, 4))
        reference = NTPTimestamp(rawValue: number(16, 8))
        origin = NTPTimestamp(rawValue: number(24, 8))
        receive = NTPTimestamp(rawValue: number(32, 8))
        transmit = NTPTimestamp(rawValue: number(40, 8))
    }

    /// The message's bytes.
    var bytes: [UInt8] {
        var bytes = [leap << 6 | version << 3 | mode, stratum, UInt8(bitPattern: poll), UInt8(bitPattern: precision)]
        func append(_ number: UInt64, _ count: Int) {
            for index in (0..<count).reversed() { bytes.append(UInt8(truncatingIfNeeded: number >> (8 * index))) }
        }
        append(Self.short(ofNanoseconds: rootDelay), 4)
        append(Self.short(ofNanoseconds: rootDispersion), 4)
        append(UInt64(referenceID), 4)
        for timestamp in [reference, origin, receive, transmit] { append(timestamp.rawValue, 8) }
        return bytes
    }

    // NTP's short format has 16 bits of seconds and 16 bits of fraction.

    private static func nanoseconds(ofShort number: UInt64) -> Int64 {
        Int64((number * 1_000_000_000) >> 16)
    }

    private static func short(ofNanoseconds nanoseconds: Int64) -> UInt64 {
        (UInt64(clamping: nanoseconds) << 16) / 1_000_000_000
    }
}
