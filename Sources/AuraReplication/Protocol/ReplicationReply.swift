internal import AuraEffects

/// What a peer answers.
enum ReplicationReply: Sendable {
    /// How far the peer is.
    case frontier(FrontierReply)
    /// Entries.
    case batch(EntryBatch)
    /// A part of something large; `nil` where the peer has it no longer in that form.
    case part(Part?)
    /// The peer is done with pulling.
    case settled
    /// The peer cannot answer.
    case refusal(Refusal)

    /// How far the peer is within a range of origins.
    enum FrontierReply: Sendable, Hashable {
        /// Its heads are the ones that it was told.
        case same
        /// Its heads, within the range that it was told or a first part of it.
        case page(FrontierPage)
    }

    /// A part of a payload or a snapshot.
    struct Part: Sendable, Hashable {
        /// How many bytes the whole has.
        var totalBytes: Int
        /// XXH64 of the whole, which shows that two parts are of the same one.
        var check: UInt64
        var bytes: [UInt8]
    }

    /// Why a peer cannot answer.
    enum Refusal: UInt8, Sendable {
        /// It does not understand the request.
        case malformed = 1
        /// It does not exchange with this peer.
        case notAllowed = 2
        /// It cannot now.
        case unavailable = 3
        /// It never can, until somebody looks after it.
        case failed = 4
    }
}

/// Entries on their way.
struct EntryBatch: Sendable, Hashable {
    /// Per origin a run without gaps.
    var entries: [JournalEntry] = []
    /// The size of the first entry's payload where no message has room for it: the entry stands here as if it were
    /// compacted, and its payload is to be asked for in parts.
    var deferredByteCount: Int?
    /// The wanted origins whose chains fork from the heads that were asked for.
    var forkedOrigins: [OriginID] = []
    /// Whether there are more entries beyond these.
    var hasMore = false
}

extension ReplicationReply {
    /// The bytes of every reply but a batch, which ``EntryEncoder`` writes.
    static func encoded(_ reply: FrontierReply) -> [UInt8] {
        switch reply {
        case .same:
            var writer = MessageWriter(.frontierReply)
            writer.append(true)
            return writer.bytes
        case .page(let page):
            var writer = MessageWriter(.frontierReply, capacity: 64 + page.heads.count * 57)
            writer.append(false)
            writer.append(page)
            return writer.bytes
        }
    }

    static func encoded(totalBytes: Int, check: UInt64, bytes: ArraySlice<UInt8>) -> [UInt8] {
        var writer = MessageWriter(.partReply, capacity: bytes.count + 64)
        writer.append(true)
        writer.append(number: totalBytes)
        writer.append(fixed: check)
        writer.append(raw: bytes)
        return writer.bytes
    }

    /// The bytes of a part besides its content, at most.
    static let partOverhead = 2 + 1 + 9 + 8

    static var encodedGone: [UInt8] {
        var writer = MessageWriter(.partReply)
        writer.append(false)
        return writer.bytes
    }

    static var encodedSettled: [UInt8] { MessageWriter(.settled).bytes }

    static func encoded(_ refusal: Refusal) -> [UInt8] {
        var writer = MessageWriter(.refusal)
        writer.append(refusal.rawValue)
        return writer.bytes
    }
}

extension ReplicationReply {
    init(_ message: [UInt8]) throws(MessageFault) {
        self = try MessageReader.read(message) { reader throws(MessageFault) in
            let reply: ReplicationReply
            switch try reader.kind() {
            case .frontierReply:
                reply = .frontier(try reader.flag() ? .same : .page(try reader.frontierPage()))
            case .batch:
                var decoder = EntryDecoder(reader)
                let batch = try decoder.batch()
                reader = decoder.reader
                reply = .batch(batch)
            case .partReply:
                reply = .part(try reader.flag() ? try Self.part(&reader) : nil)
            case .settled:
                reply = .settled
            case .refusal:
                let reason = try reader.byte()
                guard let refusal = Refusal(rawValue: reason) else {
                    throw MessageFault("refuses for the unknown reason \(reason)")
                }
                reply = .refusal(refusal)
            case let other:
                throw MessageFault("is no reply: it is of the kind \(other.rawValue)")
            }
            return reply
        }
    }

    private static func part(_ reader: inout MessageReader) throws(MessageFault) -> Part {
        Part(totalBytes: try reader.size(), check: try reader.fixed(), bytes: Array(try reader.remaining()))
    }
}
