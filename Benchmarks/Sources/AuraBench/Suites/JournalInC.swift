internal import CBaseline
internal import Measuring

/// The baseline's side of the suite: the tables of ours, filled and read from C.
final class JournalInC {
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    private static let messageSize = 512

    private let journal: OpaquePointer

    /// Creates a database at `path` with the tables and indexes of the one at `model`.
    init(
        _ path: String,
        model: String,
        synchronous: JournalOnSQLite.Synchronous,
        cacheBytes: Int
    ) throws {
        journal = try path.withCString { path in
            try model.withCString { model in
                var options = baseline_journal_options(
                    path: path,
                    model: model,
                    is_full: synchronous == .full,
                    cache_bytes: Int64(cacheBytes),
                    streams: Int32(Workload.streamCount)
                )
                return try Self.withMessage { message, size in
                    baseline_journal_create(&options, message, size)
                }
            }
        }
    }

    deinit {
        baseline_journal_close(journal)
    }

    func append(_ workload: Workload, entriesPerTransaction: Int) throws {
        let isDone = baseline_journal_append(
            journal,
            workload.ids,
            workload.payloads,
            Workload.payloadSize,
            workload.count,
            entriesPerTransaction
        )
        guard isDone else { throw Failure(description: String(cString: baseline_journal_message(journal))) }
    }

    /// Reads every entry of the database at `path` and returns how many there are.
    static func readAll(_ path: String, cacheBytes: Int) throws -> Int {
        try withMessage { message, size in
            let total = baseline_journal_read_all(path, Int64(cacheBytes), message, size)
            return total.entries < 0 ? nil : Int(total.entries)
        }
    }

    /// Calls C with room for a message, which is thrown where the result is `nil`.
    private static func withMessage<Result>(_ body: (UnsafeMutablePointer<CChar>, Int) -> Result?) throws -> Result {
        try withUnsafeTemporaryAllocation(of: CChar.self, capacity: messageSize) { message in
            message.initialize(repeating: 0)
            guard let base = message.baseAddress, let result = body(base, message.count) else {
                throw Failure(description: "The baseline failed: \(String(cString: Array(message)))")
            }
            return result
        }
    }
}
