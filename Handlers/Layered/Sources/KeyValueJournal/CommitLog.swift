internal import AuraEffects
internal import AuraRuntime

/// The commits of a journal as items of a table: one item each under its number, so that a put that expects none there
/// decides which writer's commit is the next.
///
/// A commit larger than an item lies in parts under a name of its own, which are there before the item that names them is.
struct CommitLog: Sendable {
    /// A commit and its place in the log; numbers begin at 1 and have no gaps.
    struct Numbered: Sendable {
        var number: UInt64
        var commit: Commit
    }

    /// How many commits share a partition, as a power of two: partitions of a service have a size that they serve well.
    private static let partitionBits: UInt64 = 10
    /// The most bytes of a commit that lie in its item; what an item has besides is far less than what is left.
    private static let reservedBytes = 1024
    private static let largestChunk = 1024 * 1024
    private static let pageSize = 128

    let table: any KeyValueEffects
    let prefix: String
    let random: any RandomEffects
    let errors: HandlerErrors
    /// The most bytes of a commit that go into one item.
    let chunkBytes: Int

    init(_ table: any KeyValueEffects, prefix: String, random: any RandomEffects, errors: HandlerErrors) {
        self.table = table
        self.prefix = prefix
        self.random = random
        self.errors = errors
        chunkBytes = Self.chunkBytes(of: table.capabilities)
    }

    /// The most bytes of a commit that go into one item of a table.
    static func chunkBytes(of capabilities: Capabilities) -> Int {
        min(largestChunk, capabilities.limit(.itemBytes) - reservedBytes)
    }

    // MARK: Names

    private static func partition(of number: UInt64, _ prefix: String) -> String {
        "\(prefix)log/\(number >> partitionBits)"
    }

    // As many digits in each, so that the order of the names is that of the numbers.
    private static func sort(of number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    private func key(of number: UInt64) -> ItemKey {
        ItemKey(Self.partition(of: number, prefix), Self.sort(of: number))
    }

    private func partKey(_ blob: String, _ part: Int) -> ItemKey {
        ItemKey("\(prefix)part/\(blob)", Self.sort(of: UInt64(part)))
    }

    // MARK: The journal's identity

    /// The origin of the journal that the table holds; a new one where it holds none yet.
    func origin() async throws(EffectError) -> OriginID {
        let key = ItemKey("\(prefix)journal", "origin")
        let new = OriginID(random: random)
        let item = Item(["format": 1, "origin": .text(new.description)])
        let failure: EffectError
        do throws(EffectError) {
            try await table.put(item, to: key, if: .absent)
            return new
        } catch {
            failure = mapped(error, in: "open")
        }
        // Also where the answer was lost: whose origin is there counts.
        guard failure.code == .preconditionFailed || failure.outcome == .unknown,
            let stored = try await get(key, in: "open")
        else { throw failure }
        guard case .text(let text) = stored.attributes["origin"], let origin = OriginID(text) else {
            throw errors.error(.corrupted, in: "open", "The item '\(key)' is no journal's: choose another prefix.")
        }
        guard stored.attributes["format"] == 1 else {
            throw errors.error(
                .unsupported,
                in: "open",
                "The journal under '\(prefix)' was written by a newer version of Aura: update the application."
            )
        }
        return origin
    }

    // MARK: Reading

    /// The commits that follow a number, as far as one request gives them.
    ///
    /// - Returns: The commits without a gap, and whether there were no more.
    func commits(
        after number: UInt64,
        in operation: String
    ) async throws(EffectError) -> (commits: [Numbered], isEnd: Bool) {
        let first = number + 1
        let query = ItemQuery(Self.partition(of: first, prefix), .range(from: Self.sort(of: first), before: nil))
        let page: ItemPage
        do throws(EffectError) {
            page = try await table.query(query, after: nil, limit: Self.pageSize, consistency: .strong)
        } catch {
            throw mapped(error, in: operation)
        }
        var commits: [Numbered] = []
        for item in page.items {
            let next = first + UInt64(commits.count)
            guard item.key.sort == Self.sort(of: next) else {
                // A page may be read in pieces, between which commits came: what is before this one is there by now.
                commits.append(Numbered(number: next, commit: try await commit(next, in: operation).0))
                return (commits, false)
            }
            commits.append(Numbered(number: next, commit: try await commit(in: item, next, operation)))
        }
        let last = number + UInt64(commits.count)
        let endsPartition = (last + 1) >> Self.partitionBits != first >> Self.partitionBits
        return (commits, page.next == nil && !endsPartition)
    }

    /// The commit of a number that is there.
    func commit(_ number: UInt64, in operation: String) async throws(EffectError) -> (Commit, StoredItem) {
        guard let item = try await get(key(of: number), in: operation) else { throw damaged(number, operation) }
        return (try await commit(in: item, number, operation), item)
    }

    /// The id of the commit of a number; `nil` where there is none.
    func id(of number: UInt64, in operation: String) async throws(EffectError) -> EntryID? {
        guard let item = try await get(key(of: number), in: operation) else { return nil }
        guard let id = item.commitID else { throw damaged(number, operation) }
        return id
    }

    private func commit(
        in item: StoredItem,
        _ number: UInt64,
        _ operation: String
    ) async throws(EffectError) -> Commit {
        var item = item
        // Its parts may have been replaced since the item was read: then the item names others by now.
        for _ in 0..<3 {
            guard let id = item.commitID, case .integer(let checksum) = item.attributes["checksum"] else { break }
            if let bytes = try await body(of: item, operation) {
                guard Self.checksum(bytes, number) == checksum, let commit = CommitCoding.decode(bytes, id: id) else {
                    break
                }
                return commit
            }
            guard let current = try await get(key(of: number), in: operation) else { break }
            item = current
        }
        throw damaged(number, operation)
    }

    private func body(of item: StoredItem, _ operation: String) async throws(EffectError) -> [UInt8]? {
        if case .bytes(let bytes) = item.attributes["body"] { return bytes }
        guard case .text(let blob) = item.attributes["blob"], case .integer(let count) = item.attributes["parts"] else {
            return nil
        }
        var bytes: [UInt8] = []
        for part in 0..<Int(count) {
            guard case .bytes(let chunk) = try await get(partKey(blob, part), in: operation)?.attributes["body"] else {
                return nil
            }
            bytes += chunk
        }
        return bytes
    }

    private func get(_ key: ItemKey, in operation: String) async throws(EffectError) -> StoredItem? {
        do throws(EffectError) {
            return try await table.get(key, consistency: .strong)
        } catch {
            throw mapped(error, in: operation)
        }
    }

    // MARK: Writing

    /// A commit as an item: its parts, where it has any, are stored by the time it is made.
    func item(of commit: Commit, _ number: UInt64) async throws(EffectError) -> Item {
        let bytes = CommitCoding.encode(commit)
        var item = Item(["id": .text(commit.id.description), "checksum": .integer(Self.checksum(bytes, number))])
        guard bytes.count > chunkBytes else {
            item.attributes["body"] = .bytes(bytes)
            return item
        }
        let blob = OriginID(random: random).description
        var count = 0
        for start in stride(from: 0, to: bytes.count, by: chunkBytes) {
            let chunk = Array(bytes[start..<min(start + chunkBytes, bytes.count)])
            try await table.put(Item(["body": .bytes(chunk)]), to: partKey(blob, count))
            count += 1
        }
        item.attributes["blob"] = .text(blob)
        item.attributes["parts"] = .integer(Int64(count))
        return item
    }

    /// Stores an item under a number; the errors are the table's own.
    func put(_ item: Item, _ number: UInt64, if precondition: CloudPrecondition) async throws(EffectError) {
        try await table.put(item, to: key(of: number), if: precondition)
    }

    /// Removes the parts of an item that is not, or no longer, in the log.
    func removeParts(of item: Item) async throws(EffectError) {
        guard case .text(let blob) = item.attributes["blob"], case .integer(let count) = item.attributes["parts"] else {
            return
        }
        for part in 0..<Int(count) { try await table.remove(partKey(blob, part)) }
    }

    // With its number, so that a commit in another one's place is noticed.
    private static func checksum(_ bytes: [UInt8], _ number: UInt64) -> Int64 {
        Int64(bitPattern: bytes.withUnsafeBytes { XXHash64.hash($0, seed: number) })
    }

    // MARK: Errors

    /// An error of the table as the journal's.
    func mapped(_ error: EffectError, in operation: String, outcome: EffectError.Outcome? = nil) -> EffectError {
        var mapped = errors.error(
            error.code,
            in: operation,
            error.message,
            cause: error,
            isRetryable: error.isRetryable,
            outcome: outcome ?? error.outcome
        )
        mapped.retryAfter = error.retryAfter
        return mapped
    }

    private func damaged(_ number: UInt64, _ operation: String) -> EffectError {
        errors.error(
            .corrupted,
            in: operation,
            "The commit \(number) of the journal under \(HandlerErrors.quote(prefix)) is damaged or missing: restore the table."
        )
    }
}

extension StoredItem {
    fileprivate var commitID: EntryID? {
        guard case .text(let text) = attributes["id"] else { return nil }
        return EntryID(text)
    }
}
