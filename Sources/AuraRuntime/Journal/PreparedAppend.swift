package import AuraEffects

/// An append whose payloads are hashed: what the caller's task does before it waits for the writer.
package struct PreparedAppend: QueuedWork {
    package typealias Answer = [AppendReceipt]

    /// What goes to which stream.
    package let appends: [StreamAppend]
    /// The payloads' digests, in the order of all drafts.
    package let digests: [SHA256Digest]
    package let operation = "append"
    /// About what the append takes in the log.
    package let byteCount: Int

    private static let bytesPerRow = 128

    /// From this size on a second task pays: hashing takes a good part of a millisecond then.
    private static let bytesWorthATask = 128 * 1024

    /// Hashes the payloads, in two tasks where there is much to hash.
    package init(_ appends: [StreamAppend]) async {
        self.appends = appends
        let payloads = appends.flatMap { $0.drafts.map(\.payload) }
        byteCount = payloads.reduce(0) { $0 + $1.count + Self.bytesPerRow }
        if byteCount < Self.bytesWorthATask {
            digests = Self.digests(payloads[...])
        } else {
            let middle = payloads.count / 2
            async let first = Self.digests(payloads[..<middle])
            let second = Self.digests(payloads[middle...])
            digests = await first + second
        }
    }

    private static func digests(_ payloads: ArraySlice<[UInt8]>) -> [SHA256Digest] {
        payloads.map { SHA256.hash($0) }
    }
}
