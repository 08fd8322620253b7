internal import AuraEffects

/// What a peer is asked; every question may be repeated.
enum ReplicationRequest: Sendable, Hashable {
    /// Here is how far this journal is; how far are you?
    case frontier(FrontierPage)
    /// Here is how far this journal is, and entries that you lack; how far are you?
    case push(FrontierPage, EntryBatch)
    /// Send entries that follow these heads.
    case pull(PullRequest)
    /// Send a part of what did not fit into a message.
    case part(PartRequest)
    /// Say when you are done with pulling from this journal.
    case settle
}

/// Which entries a journal lacks.
struct PullRequest: Sendable, Hashable {
    /// The last entry that it has of each origin it wants, in the order of the origins.
    var heads: [OriginHead]
    /// About how many bytes of entries it merges at once.
    var batchBytes: Int
    /// The largest message that it takes.
    var messageBytes: Int
}

/// Which part of something large a journal lacks.
struct PartRequest: Sendable, Hashable {
    /// What does not fit into a message.
    enum Subject: Sendable, Hashable {
        /// The payload of the entry that follows this head.
        case payload(after: OriginHead)
        /// The snapshot of a stream.
        case snapshot(of: StreamName)
    }

    var subject: Subject
    /// How many bytes of it are there already.
    var offset: Int
    /// The largest message that it takes.
    var messageBytes: Int
}

extension ReplicationRequest {
    var encoded: [UInt8] {
        var writer: MessageWriter
        switch self {
        case .frontier(let page):
            writer = MessageWriter(.frontier, capacity: 64 + page.heads.count * 57)
            writer.append(page)
        case .push(let page, let batch):
            writer = MessageWriter(.push, capacity: 1024 + page.heads.count * 57)
            writer.append(page)
            var encoder = EntryEncoder(writer)
            for entry in batch.entries { _ = encoder.append(entry) }
            return encoder.finish(hasMore: batch.hasMore)
        case .pull(let request):
            writer = MessageWriter(.pull, capacity: 64 + request.heads.count * 57)
            writer.append(number: request.batchBytes)
            writer.append(number: request.messageBytes)
            writer.append(request.heads)
        case .part(let request):
            writer = MessageWriter(.part)
            writer.append(number: request.messageBytes)
            writer.append(number: request.offset)
            switch request.subject {
            case .payload(let head):
                writer.append(UInt8(0))
                writer.append([head])
            case .snapshot(let stream):
                writer.append(UInt8(1))
                writer.append(stream.text)
            }
        case .settle:
            writer = MessageWriter(.settle)
        }
        return writer.bytes
    }

    init(_ message: [UInt8]) throws(MessageFault) {
        self = try MessageReader.read(message) { reader throws(MessageFault) in
            let request: ReplicationRequest
            switch try reader.kind() {
            case .frontier:
                request = .frontier(try reader.frontierPage())
            case .push:
                let page = try reader.frontierPage()
                var decoder = EntryDecoder(reader)
                let batch = try decoder.batch()
                reader = decoder.reader
                request = .push(page, batch)
            case .pull:
                let batchBytes = try reader.size()
                let messageBytes = try Self.messageBytes(&reader)
                let heads = try reader.heads()
                request = .pull(PullRequest(heads: heads, batchBytes: batchBytes, messageBytes: messageBytes))
            case .part:
                let messageBytes = try Self.messageBytes(&reader)
                let offset = try reader.size()
                let subject = try Self.subject(&reader)
                request = .part(PartRequest(subject: subject, offset: offset, messageBytes: messageBytes))
            case .settle:
                request = .settle
            case let other:
                throw MessageFault("is no request: it is of the kind \(other.rawValue)")
            }
            return request
        }
    }

    private static func messageBytes(_ reader: inout MessageReader) throws(MessageFault) -> Int {
        let bytes = try reader.size()
        guard bytes >= ReplicationProtocol.leastMessageBytes else {
            throw MessageFault(
                "asks for messages of \(bytes) bytes: the least is \(ReplicationProtocol.leastMessageBytes)"
            )
        }
        return bytes
    }

    private static func subject(_ reader: inout MessageReader) throws(MessageFault) -> PartRequest.Subject {
        switch try reader.byte() {
        case 0:
            let heads = try reader.heads()
            guard heads.count == 1 else { throw MessageFault("names \(heads.count) heads where one is meant") }
            return .payload(after: heads[0])
        case 1:
            return .snapshot(of: StreamName(try reader.text()))
        case let other:
            throw MessageFault("asks for a part of the unknown subject \(other)")
        }
    }
}
