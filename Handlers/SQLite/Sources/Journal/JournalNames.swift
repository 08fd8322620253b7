#if SQLite
internal import AuraEffects

/// Numbers for names: the tables of streams, origins and kinds, with what was looked up before.
///
/// A name never loses its number, so only a roll-back makes what was looked up wrong.
final class JournalNames {
    /// Bounds the memory of journals with very many streams.
    private static let cachedStreamCount = 10_000

    private let connection: SQLiteConnection
    private var streams: [Int: StreamName] = [:]
    private var origins: [Int: OriginID] = [:]
    private var kinds: [Int: EntryKind] = [:]
    private var originNumbers: [OriginID: Int] = [:]
    private var kindNumbers: [EntryKind: Int] = [:]

    init(_ connection: SQLiteConnection) {
        self.connection = connection
    }

    func discardCaches() {
        streams.removeAll()
        origins.removeAll()
        kinds.removeAll()
        originNumbers.removeAll()
        kindNumbers.removeAll()
    }

    // MARK: From numbers to names

    func stream(_ number: Int) throws(SQLiteFailure) -> StreamName {
        if let name = streams[number] { return name }
        let name = StreamName(try text("SELECT name FROM journal_streams WHERE number = ?", number))
        if streams.count >= Self.cachedStreamCount { streams.removeAll(keepingCapacity: true) }
        streams[number] = name
        return name
    }

    func kind(_ number: Int) throws(SQLiteFailure) -> EntryKind {
        if let kind = kinds[number] { return kind }
        let kind = EntryKind(try text("SELECT name FROM journal_kinds WHERE number = ?", number))
        kinds[number] = kind
        return kind
    }

    func origin(_ number: Int) throws(SQLiteFailure) -> OriginID {
        if let origin = origins[number] { return origin }
        let statement = try connection.statement("SELECT id FROM journal_origins WHERE number = ?")
        statement.bind(number, at: 1)
        let rawValue = try statement.firstRow { $0.uint128(0) }
        guard let rawValue else { throw missing("origin", number) }
        let origin = OriginID(rawValue: rawValue)
        origins[number] = origin
        return origin
    }

    private func text(_ sql: String, _ number: Int) throws(SQLiteFailure) -> String {
        let statement = try connection.statement(sql)
        statement.bind(number, at: 1)
        guard let text = try statement.firstRow({ $0.text(0) }) else { throw missing("name", number) }
        return text
    }

    private func missing(_ what: String, _ number: Int) -> SQLiteFailure {
        SQLiteFailure(code: .corrupt, text: "The \(what) with number \(number) is missing.")
    }

    // MARK: From names to numbers

    func streamNumber(_ name: StreamName) throws(SQLiteFailure) -> Int? {
        let statement = try connection.statement("SELECT number FROM journal_streams WHERE name = ?")
        statement.bind(copying: Array(name.text.utf8), at: 1)
        return try statement.firstRow { $0.int(0) }
    }

    func addStream(_ name: StreamName) throws(SQLiteFailure) -> Int {
        let statement = try connection.statement(
            "INSERT INTO journal_streams (name) VALUES (?) RETURNING number"
        )
        statement.bind(copying: Array(name.text.utf8), at: 1)
        return try addedNumber(statement)
    }

    func originNumber(_ origin: OriginID) throws(SQLiteFailure) -> Int? {
        if let number = originNumbers[origin] { return number }
        let statement = try connection.statement("SELECT number FROM journal_origins WHERE id = ?")
        statement.bind(copying: origin.rawValue.bigEndianBytes, at: 1)
        let number = try statement.firstRow { $0.int(0) }
        originNumbers[origin] = number
        return number
    }

    /// The number of an origin; a new origin gets one.
    func originNumber(adding origin: OriginID) throws(SQLiteFailure) -> Int {
        if let number = try originNumber(origin) { return number }
        let statement = try connection.statement("INSERT INTO journal_origins (id) VALUES (?) RETURNING number")
        statement.bind(copying: origin.rawValue.bigEndianBytes, at: 1)
        let number = try addedNumber(statement)
        originNumbers[origin] = number
        return number
    }

    /// The number of a kind; a new kind gets one.
    func kindNumber(adding kind: EntryKind) throws(SQLiteFailure) -> Int {
        if let number = kindNumbers[kind] { return number }
        let look = try connection.statement("SELECT number FROM journal_kinds WHERE name = ?")
        look.bind(copying: Array(kind.text.utf8), at: 1)
        if let number = try look.firstRow({ $0.int(0) }) {
            kindNumbers[kind] = number
            return number
        }
        let statement = try connection.statement("INSERT INTO journal_kinds (name) VALUES (?) RETURNING number")
        statement.bind(copying: Array(kind.text.utf8), at: 1)
        let number = try addedNumber(statement)
        kindNumbers[kind] = number
        return number
    }

    /// What a query of origin numbers and sequences yields.
    func sequences(_ statement: SQLiteStatement) throws(SQLiteFailure) -> [OriginID: UInt64] {
        var sequences: [OriginID: UInt64] = [:]
        try statement.forEachRow { row throws(SQLiteFailure) in
            sequences[try origin(row.int(0))] = row.uint64(1)
            return true
        }
        return sequences
    }

    private func addedNumber(_ statement: SQLiteStatement) throws(SQLiteFailure) -> Int {
        guard let number = try statement.firstRow({ $0.int(0) }) else {
            throw SQLiteFailure(code: .corrupt, text: "An insertion returned no number.")
        }
        return number
    }
}

extension UInt128 {
    /// The number from 16 bytes, the highest first; zero where there are not 16.
    init(bigEndianBytes bytes: UnsafeRawBufferPointer) {
        self = unsafe bytes.count == 16 ? UInt128(bigEndian: bytes.loadUnaligned(as: UInt128.self)) : 0
    }

    /// The number as 16 bytes, the highest first.
    var bigEndianBytes: [UInt8] {
        unsafe withUnsafeBytes(of: bigEndian) { unsafe [UInt8]($0) }
    }
}
#endif
