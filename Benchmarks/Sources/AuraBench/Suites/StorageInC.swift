internal import CBaseline

/// The baseline's side of the suite: the tables of ours, filled, read and listed from C.
final class StorageInC {
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    private static let messageSize = 512

    private let storage: OpaquePointer

    /// Opens the database at `path`; with a `model` it is made anew with the tables of that one.
    init(_ path: String, model: String? = nil, isDurable: Bool = true, cacheBytes: Int) throws {
        func open(_ path: UnsafePointer<CChar>, _ model: UnsafePointer<CChar>?) throws -> OpaquePointer {
            var options = baseline_storage_options(
                path: path,
                model: model,
                is_full: isDurable,
                cache_bytes: Int64(cacheBytes)
            )
            return try withUnsafeTemporaryAllocation(of: CChar.self, capacity: Self.messageSize) { message in
                message.initialize(repeating: 0)
                guard let base = message.baseAddress, let storage = baseline_storage_open(&options, base, message.count)
                else { throw Failure(description: "The baseline failed: \(String(cString: Array(message)))") }
                return storage
            }
        }
        storage = try path.withCString { path in
            guard let model else { return try open(path, nil) }
            return try model.withCString { try open(path, $0) }
        }
    }

    deinit {
        baseline_storage_close(storage)
    }

    /// Writes the workload's values, which stand in `values` one after the other.
    func write(_ workload: StorageWorkload, _ values: [UInt8]) throws {
        let isDone = baseline_storage_write(
            storage,
            workload.keyBytes,
            StorageWorkload.keySize,
            workload.count,
            values,
            workload.valueSize
        )
        guard isDone else { throw failure }
    }

    func read(_ workload: StorageWorkload) throws {
        let count = baseline_storage_read(storage, workload.keyBytes, StorageWorkload.keySize, workload.count)
        guard count == workload.count * workload.valueSize else { throw failure }
    }

    func list() throws -> Int {
        let count = baseline_storage_list(storage)
        guard count >= 0 else { throw failure }
        return Int(count)
    }

    private var failure: Failure {
        Failure(description: "The baseline failed: \(String(cString: baseline_storage_message(storage)))")
    }
}
