public import AuraEffects
internal import AuraRuntime

/// Copies the values of one storage to another, and verifies them.
///
/// A value that the destination holds already is left as it is, so a copy that was stopped goes on when it is run again.
/// Keys of the destination that the source lacks are left alone.
public struct StorageCopy: Sendable {
    /// What a copy did.
    public struct Receipt: Sendable, Hashable {
        /// How many values were written.
        public var written: Int
        /// How many values the destination held already.
        public var known: Int
        /// How many bytes were written.
        public var bytes: Int
    }

    private static let errors = HandlerErrors(StorageEffect.self, handler: "")
    private static let operation = "copy"

    /// The most keys of a page, and how many of its values are copied at once: durable writes share their syncs.
    private static let pageSize = 1000
    private static let concurrency = 16

    private let source: any StorageEffects
    private let destination: any StorageEffects

    /// Creates a copy from one storage to another.
    public init(from source: any StorageEffects, to destination: any StorageEffects) {
        self.source = source
        self.destination = destination
    }

    /// Copies the values under the keys that begin with a prefix.
    ///
    /// - Parameters:
    ///   - prefix: What the keys begin with; empty for all.
    ///   - progress: Called after every page; its total is not known.
    /// - Returns: What was done.
    /// - Throws: ``EffectError``: `corrupted` where the destination gives other bytes than were written;
    ///   `preconditionFailed` where somebody else writes a key of the destination meanwhile; what the storages throw;
    ///   `cancelled`. What was written before stays.
    public func run(
        prefix: String = "",
        progress: (TransferProgress) -> Void = { _ in }
    ) async throws(EffectError) -> Receipt {
        var receipt = Receipt(written: 0, known: 0, bytes: 0)
        var last: StorageKey?
        repeat {
            let page = try await source.list(prefix: prefix, after: last, limit: Self.pageSize)
            for size in try await copy(page.items.map(\.key)) {
                receipt.written += size == nil ? 0 : 1
                receipt.known += size == nil ? 1 : 0
                receipt.bytes += size ?? 0
            }
            progress(TransferProgress(done: receipt.written + receipt.known, total: nil))
            last = page.next
        } while last != nil
        return receipt
    }

    /// Copies the values of a page, several at once.
    ///
    /// - Returns: For each value how many bytes were written; `nil` where it was there.
    private func copy(_ keys: [StorageKey]) async throws(EffectError) -> [Int?] {
        let results = await withTaskGroup(of: Result<Int?, EffectError>.self) { group in
            var results: [Result<Int?, EffectError>] = []
            for (index, key) in keys.enumerated() {
                if index >= Self.concurrency, let result = await group.next() {
                    results.append(result)
                    if case .failure = result { break }
                }
                group.addTask { await attempt { () throws(EffectError) in try await copy(key) } }
            }
            for await result in group { results.append(result) }
            return results
        }
        var sizes: [Int?] = []
        for result in results { sizes.append(try result.get()) }
        return sizes
    }

    private func copy(_ key: StorageKey) async throws(EffectError) -> Int? {
        // A key may go between its listing and now.
        guard let value = try await source.read(key) else { return nil }
        let held = try await destination.read(key)
        guard held?.bytes != value.bytes else { return nil }
        let precondition = held.map { StoragePrecondition.matches($0.revision) } ?? .absent
        let revision = try await destination.write(value.bytes, to: key, if: precondition)
        let written = try await destination.read(key)
        // Where somebody else wrote it since, the copy did its part.
        guard written?.revision != revision || written?.bytes == value.bytes else {
            throw Self.errors.error(
                .corrupted,
                in: Self.operation,
                "The destination gives other bytes under \(HandlerErrors.quote(key.text)) than were written to it: "
                    + "check its disk, and copy again."
            )
        }
        return value.bytes.count
    }
}
