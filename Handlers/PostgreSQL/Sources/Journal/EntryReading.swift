#if PostgreSQL
internal import AuraEffects
internal import AuraRuntime

/// Reads a page of entries in chunks, of which the next is under way while one is taken in.
///
/// Positions, revisions and sequences have no gaps, so where the next chunk begins is known before the last one has come.
final class EntryReading {
    /// The order of a reading, and what it is restricted to.
    enum Order {
        case positions
        case revisions(stream: Int)
        case revisionsBackwards(stream: Int)
        case sequences(origin: Int)
    }

    /// A chunk that was asked for.
    private struct Chunk {
        var start: UInt64
        var count: Int
        /// `nil` as long as it was not received.
        var rows: [EntryRow]?
    }

    /// A larger payload comes by itself: this bounds the size of a chunk.
    private static let smallPayload = 8192
    private static let firstChunk = 512
    private static let laterChunk = 1024

    private let connection: PostgreSQLConnection
    private let names: JournalNumberNames
    private let place: PostgreSQLPlace
    private let order: Order
    private let limit: Int
    private let byteLimit: Int
    private var chunks: [Chunk] = []

    private(set) var entries: [JournalEntry] = []
    /// The rows of ``entries``, where they are wanted.
    private(set) var stored: [StoredEntry] = []
    var keepsStored = false
    /// The positions of rows whose checksum does not fit.
    private(set) var damaged: [Position] = []
    /// How many rows were taken in, also damaged ones.
    private(set) var rowCount = 0
    /// Below this revision the stream is compacted, as far as the rows say; 0 for other orders than a stream's.
    private(set) var floor: UInt64 = 0
    private var byteCount = 0

    /// Prepares to read up to a number of entries or, once there is one, of payload bytes.
    init(
        _ connection: PostgreSQLConnection,
        _ names: JournalNumberNames,
        _ order: Order,
        limit: Int,
        byteLimit: Int,
        at place: PostgreSQLPlace
    ) {
        self.connection = connection
        self.names = names
        self.place = place
        self.order = order
        self.limit = limit
        self.byteLimit = byteLimit
    }

    /// Reads the page that begins at a place of the order.
    ///
    /// - Parameters:
    ///   - start: The place.
    ///   - skipsDamaged: Whether damaged rows are left out, and listed in ``damaged``; otherwise they are an error.
    /// - Throws: ``EffectError`` where the server cannot answer or a row is damaged.
    func run(from start: UInt64, skipsDamaged: Bool = false) throws(EffectError) {
        do throws(EffectError) {
            try readChunks(from: start, skipsDamaged: skipsDamaged)
            try receiveAll()
        } catch {
            // What is still under way must not answer the next call.
            if connection.isUsable { try? receiveAll() }
            throw error
        }
    }

    private func readChunks(from start: UInt64, skipsDamaged: Bool) throws(EffectError) {
        var next: UInt64? = start
        var asked = 0
        while true {
            while chunks.count < 2, asked < limit, let begin = next {
                let count = min(limit - asked, asked == 0 ? Self.firstChunk : Self.laterChunk)
                try place.mapping { () throws(PostgreSQLFailure) in try ask(from: begin, count: count) }
                chunks.append(Chunk(start: begin, count: count))
                asked += count
                next = place(count, after: begin)
            }
            if chunks.isEmpty { return }
            // Taken out first: an answer that is a refusal is no longer under way.
            let chunk = chunks.removeFirst()
            let rows = if let rows = chunk.rows { rows } else { try receive() }
            try take(rows, skipsDamaged: skipsDamaged)
            guard rows.count == chunk.count, byteCount < byteLimit, let last = rows.last else { return }
            let following = place(1, after: key(of: last.stored))
            if following != place(chunk.count, after: chunk.start) {
                // A gap, as only damage leaves one: what was asked for next is not what follows.
                try receiveAll()
                chunks.removeAll()
                asked = rowCount
                next = following
            }
        }
    }

    /// The place so many further in the order; `nil` beyond its end.
    private func place(_ count: Int, after key: UInt64) -> UInt64? {
        if case .revisionsBackwards = order { return key < UInt64(count) ? nil : key - UInt64(count) }
        let next = key + UInt64(count)
        return next > UInt64(Int64.max) ? nil : next
    }

    private func key(of row: StoredEntry) -> UInt64 {
        switch order {
        case .positions: row.position
        case .revisions, .revisionsBackwards: row.revision
        case .sequences: row.sequence
        }
    }

    // MARK: Asking

    private func ask(from start: UInt64, count: Int) throws(PostgreSQLFailure) {
        let columns = EntryRow.columns(
            payload: "CASE WHEN octet_length(payload) <= \(Self.smallPayload) THEN payload END"
        )
        var parameters = PostgreSQLParameters()
        parameters.add(start)
        parameters.add(count)
        var floor = ""
        let condition: String
        switch order {
        case .positions:
            condition = "position >= $1 ORDER BY position"
        case .revisions(let stream):
            parameters.add(stream)
            floor = Self.floor
            condition = "stream = $3 AND revision >= $1 ORDER BY revision"
        case .revisionsBackwards(let stream):
            parameters.add(stream)
            floor = Self.floor
            condition = "stream = $3 AND revision <= $1 ORDER BY revision DESC"
        case .sequences(let origin):
            parameters.add(Int32(origin))
            condition = "origin = $3 AND sequence >= $1 ORDER BY sequence"
        }
        var batch = PostgreSQLBatch()
        batch.add("SELECT \(columns)\(floor) FROM journal_entries WHERE \(condition) LIMIT $2", parameters)
        try connection.send(batch)
    }

    /// In the same view as the rows: what was compacted in between is below it.
    private static let floor = ", (SELECT floor FROM journal_streams WHERE number = $3)"

    private func receive() throws(EffectError) -> [EntryRow] {
        try place.mapping { () throws(PostgreSQLFailure) in
            try connection.receive(canBeInterrupted: true)[0].rows.map { EntryRow($0) }
        }
    }

    /// Receives what is under way, so that something else can be asked.
    private func receiveAll() throws(EffectError) {
        for index in chunks.indices where chunks[index].rows == nil {
            chunks[index].rows = []
            chunks[index].rows = try receive()
        }
    }

    // MARK: Taking in

    private func take(_ rows: [EntryRow], skipsDamaged: Bool) throws(EffectError) {
        switch order {
        case .positions, .sequences: break
        case .revisions, .revisionsBackwards: floor = max(floor, rows.first?.floor ?? 0)
        }
        if !names.hasAll(of: rows) {
            try receiveAll()
            try place.mapping { () throws(PostgreSQLFailure) in try names.look(for: rows, on: connection) }
        }
        entries.reserveCapacity(entries.count + rows.count)
        var index = 0
        while index < rows.count, byteCount < byteLimit {
            let row = rows[index]
            if row.isPayloadMissing {
                index += try takeLarge(rows[index...].prefix { $0.isPayloadMissing }, skipsDamaged: skipsDamaged)
            } else {
                try take(row, row.payload, skipsDamaged: skipsDamaged)
                index += 1
            }
        }
    }

    /// Takes in rows whose payloads are large, as many as the page has room for.
    ///
    /// - Returns: How many; at least one.
    private func takeLarge(_ rows: ArraySlice<EntryRow>, skipsDamaged: Bool) throws(EffectError) -> Int {
        try receiveAll()
        let positions = rows.map(\.stored.position)
        let sizes = try ask("octet_length(payload)", of: positions)
        var wanted: [UInt64] = []
        var rest = byteLimit - byteCount
        for position in positions where rest > 0 || wanted.isEmpty {
            wanted.append(position)
            rest -= sizes[position].map { Int($0.int32(1)) } ?? 0
        }
        let payloads = try ask("payload", of: wanted)
        let taken = rows.prefix(wanted.count)
        for row in taken {
            let payload = payloads[row.stored.position].map { EntryRow.Payload(row: $0, column: 1) }
            try take(row, payload ?? row.payload, skipsDamaged: skipsDamaged)
        }
        return taken.count
    }

    private func ask(_ column: String, of positions: [UInt64]) throws(EffectError) -> [UInt64: PostgreSQLRow] {
        try place.mapping { () throws(PostgreSQLFailure) in
            var parameters = PostgreSQLParameters()
            parameters.addArray(of: .int8, count: positions.count) { parameters in
                for position in positions { parameters.element(Int64(clamping: position)) }
            }
            let result = try connection.run(
                "SELECT position, \(column) FROM journal_entries WHERE position = ANY($1::bigint[])",
                parameters,
                canBeInterrupted: true
            )
            return Dictionary(result.rows.map { ($0.uint64(0), $0) }) { first, _ in first }
        }
    }

    private func take(_ row: EntryRow, _ payload: EntryRow.Payload, skipsDamaged: Bool) throws(EffectError) {
        rowCount += 1
        let stored = row.stored
        guard row.isIntact(with: payload) else {
            let position = Position(rawValue: stored.position)
            if skipsDamaged {
                damaged.append(position)
                return
            }
            throw place.damaged(at: position)
        }
        let body: JournalEntry.Body = stored.isCompacted ? .compacted(payload.digest) : .payload(payload.bytes)
        guard let entry = names.entry(stored, body) else {
            throw place.error(
                .corrupted,
                "\(place.database): a name that the entry at position \(stored.position) has is missing."
            )
        }
        byteCount += entry.payload?.count ?? 0
        entries.append(entry)
        if keepsStored { self.stored.append(stored) }
    }
}

extension PostgreSQLPlace {
    func damaged(at position: Position) -> EffectError {
        error(
            .corrupted,
            "\(database): the entry at position \(position) is damaged; 'verify' lists what else is."
        )
    }
}
#endif
