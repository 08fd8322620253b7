#if TLSNetwork
internal import AuraEffects

/// Takes frames out of bytes that come in pieces of any size.
///
/// Nothing is reserved for a frame beyond what has come of it and a small step: a length is a claim, not a promise.
struct FrameDecoder: Sendable {
    private enum Stage {
        case prefix
        case head(Prefix)
        case payload(Prefix, head: [UInt8])
    }

    private struct Prefix {
        var kind: Frame.Kind
        var headBytes: Int
        var payloadBytes: Int
    }

    /// A payload begins with at most so much room.
    private static let firstReservation = 128 * 1024

    private let payloadLimit: Int
    private var stage = Stage.prefix
    private var collected: [UInt8] = []

    /// Creates a decoder.
    ///
    /// - Parameter payloadLimit: The most bytes of a payload that are taken.
    init(payloadLimit: Int) {
        self.payloadLimit = payloadLimit
    }

    /// Whether a frame has begun and not ended.
    var isAmidFrame: Bool {
        if case .prefix = stage { return !collected.isEmpty }
        return true
    }

    /// How many bytes the payload that has begun lacks; zero where none has.
    var missingPayloadBytes: Int {
        guard case .payload(let prefix, _) = stage else { return 0 }
        return prefix.payloadBytes - collected.count
    }

    /// Takes bytes of the payload that has begun where they are to stay, so that they are not copied.
    ///
    /// - Parameters:
    ///   - count: The most bytes that may come; no more than ``missingPayloadBytes``.
    ///   - body: Adds what came.
    /// - Throws: What `body` throws.
    mutating func fillPayload<Failure>(
        _ count: Int,
        _ body: (inout OutputSpan<UInt8>) throws(Failure) -> Void
    ) throws(Failure) {
        try collected.append(addingCapacity: count, initializingWith: body)
    }

    /// Takes the next frame.
    ///
    /// - Parameter bytes: What came; what the frame needs of it is removed.
    /// - Returns: The frame; `nil` once `bytes` is used up and the next frame is not whole.
    /// - Throws: ``FrameViolation``; the decoder is of no use afterwards.
    mutating func next(_ bytes: inout ArraySlice<UInt8>) throws(FrameViolation) -> Frame? {
        while true {
            switch stage {
            case .prefix:
                guard let whole = collect(FrameLayout.prefixBytes, &bytes) else { return nil }
                stage = .head(try prefix(whole))
            case .head(let prefix):
                guard let head = collect(prefix.headBytes, &bytes) else { return nil }
                stage = .payload(prefix, head: head)
            case .payload(let prefix, let head):
                guard let payload = collect(prefix.payloadBytes, &bytes) else { return nil }
                stage = .prefix
                return try Frame(prefix.kind, head, payload)
            }
        }
    }

    /// The next bytes, once there are so many.
    private mutating func collect(_ count: Int, _ bytes: inout ArraySlice<UInt8>) -> [UInt8]? {
        let missing = count - collected.count
        if collected.isEmpty { collected.reserveCapacity(min(count, Self.firstReservation)) }
        collected += bytes.prefix(missing)
        bytes = bytes.dropFirst(missing)
        guard collected.count == count else { return nil }
        defer { collected = [] }
        return collected
    }

    private func prefix(_ bytes: [UInt8]) throws(FrameViolation) -> Prefix {
        var reader = ByteReader(bytes)
        let length = try reader.number(UInt32.self)
        let code = try reader.number(UInt8.self)
        let zero = try reader.number(UInt8.self)
        let head = Int(try reader.number(UInt16.self))
        guard length <= FrameLayout.countedPrefixBytes + FrameLayout.headLimit + payloadLimit else {
            throw .longFrame(length)
        }
        guard let kind = Frame.Kind(rawValue: code) else { throw .unknownKind(code) }
        guard zero == 0 else { throw .malformed("the byte after the kind is not zero") }
        let payload = Int(length) - FrameLayout.countedPrefixBytes - head
        guard payload >= 0 else { throw .malformed("the head is longer than the frame") }
        guard payload <= (kind.hasPayload ? payloadLimit : 0) else { throw .longFrame(length) }
        return Prefix(kind: kind, headBytes: head, payloadBytes: payload)
    }
}
#endif
