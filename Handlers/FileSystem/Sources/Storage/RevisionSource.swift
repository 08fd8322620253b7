/// Issues revisions, none of which any handler of the storage has issued before.
///
/// A bound in the log, synced whatever else is, lies at or above every revision issued: a new handler begins there, since a
/// crash may have lost the changes that tell how far others came.
struct RevisionSource {
    private static let step: UInt64 = 1024

    private let log: StorageLog
    private(set) var last: UInt64
    private var bound: UInt64

    init(_ log: StorageLog) throws(FileFailure) {
        self.log = log
        bound = try log.bound()
        last = bound
    }

    /// Takes in what other handlers have issued.
    mutating func pass(_ revision: UInt64) {
        last = max(last, revision)
    }

    /// The next revision; under the storage's lock only.
    mutating func next() throws(FileFailure) -> UInt64 {
        if last >= bound {
            let next = max(try log.bound(), last) + Self.step
            try log.writeBound(next)
            // Not before it is on disk.
            bound = next
        }
        last += 1
        return last
    }
}
