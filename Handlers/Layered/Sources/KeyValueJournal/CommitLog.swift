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
        /// `nil` where it cannot be read.
        var commit: Commit?
        /// Whether its checksum is right.
        var isSound = true
    }

    /// The name under which the parts lie of what is larger than an item, and how many there are.
    struct Parts: Equatable {
        var blob: String
        var count: Int
    }

    /// How many commits share a partition, as a power of two: partitions of a service have a size that they serve well.
    static let partitionBits: UInt64 = 10
    /// The most bytes of a commit that lie in its item; what an item has besides is far less than what is left.
    private static let reservedBytes = 1024
    private static let largestChunk = 1024 * 1024
    static let pageSize = 128

    let table: any KeyValueEffects
    let prefix: String
    /// Where large payloads lie; `nil` where they lie in the table.
    let payloads: LargePayloads?
    let time: any TimeEffects
    let random: any RandomEffects
    let errors: HandlerErrors
    /// The most bytes of a commit that go into one item.
    let chunkBytes: Int

    init(
        _ table: any KeyValueEffects,
        prefix: String,
        payloads: LargePayloads?,
        _ context: HandlerContext,
        errors: HandlerErrors
    ) {
        self.table = table
        self.prefix = prefix
        self.payloads = payloads
        time = context.time
        random = context.random
        self.errors = errors
        chunkBytes = Self.chunkBytes(of: table.capabilities)
    }

    /// The most bytes of a commit that go into one item of a table.
    static func chunkBytes(of capabilities: Capabilities) -> Int {
        min(largestChunk, capabilities.limit(.itemBytes) - reservedBytes)
    }

    // MARK: Names

    static func partition(of number: UInt64, _ prefix: String) -> String {
        "\(prefix)log/\(number >> partitionBits)"
    }

    // As many digits in each, so that the order of the names is that of the numbers.
    static func sort(of number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    func key(of number: UInt64) -> ItemKey {
        ItemKey(Self.partition(of: number, prefix), Self.sort(of: number))
    }

    private func partKey(_ parts: Parts, _ part: Int) -> ItemKey {
        ItemKey("\(prefix)part/\(parts.blob)", Self.sort(of: UInt64(part)))
    }

    // MARK: The journal's identity

    /// The origin of the journal that the table holds; a new one where it holds none yet.
    func origin() async throws(EffectError) -> OriginID {
        let key = ItemKey("\(prefix)journal", "origin")
        let new = OriginID(random: random)
        let item = Item(["format": 2, "origin": .text(new.description)])
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
        guard stored.attributes["format"] == 2 else {
            throw errors.error(
                .unsupported,
                in: "open",
                "The journal under '\(prefix)' was written by another version of Aura: open it with that one."
            )
        }
        return origin
    }

    // MARK: Items

    func get(_ key: ItemKey, in operation: String) async throws(EffectError) -> StoredItem? {
        do throws(EffectError) {
            return try await table.get(key, consistency: .strong)
        } catch {
            throw mapped(error, in: operation)
        }
    }

    // MARK: Parts

    /// A new name for the parts of what is larger than an item.
    func makeParts(of bytes: [UInt8]) -> Parts {
        Parts(blob: OriginID(random: random).description, count: max(1, (bytes.count - 1) / chunkBytes + 1))
    }

    /// Stores what is larger than an item.
    func put(_ bytes: [UInt8], in parts: Parts) async throws(EffectError) {
        for part in 0..<parts.count {
            let chunk = Array(bytes[part * chunkBytes..<min((part + 1) * chunkBytes, bytes.count)])
            try await table.put(Item(["body": .bytes(chunk)]), to: partKey(parts, part))
        }
    }

    /// What was stored in parts; `nil` where one of them is missing.
    func bytes(in parts: Parts?, for operation: String) async throws(EffectError) -> [UInt8]? {
        guard let parts else { return nil }
        var bytes: [UInt8] = []
        for part in 0..<parts.count {
            guard case .bytes(let chunk) = try await get(partKey(parts, part), in: operation)?.attributes["body"] else {
                return nil
            }
            bytes += chunk
        }
        return bytes
    }

    /// Removes parts that nothing names.
    func remove(_ parts: Parts) async throws(EffectError) {
        for part in 0..<parts.count { try await table.remove(partKey(parts, part)) }
    }

    // With its number, so that a commit in another one's place is noticed.
    static func checksum(_ bytes: [UInt8], _ number: UInt64) -> Int64 {
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

    func damaged(_ number: UInt64, _ operation: String) -> EffectError {
        errors.error(
            .corrupted,
            in: operation,
            "The commit \(number) of the journal under \(HandlerErrors.quote(prefix)) is damaged or missing: restore the table."
        )
    }
}

extension Item {
    /// The id of the commit that it is, or is about.
    var commitID: EntryID? {
        guard case .text(let text) = attributes["id"] else { return nil }
        return EntryID(text)
    }

    /// Where the parts lie of what is larger than an item.
    var parts: CommitLog.Parts? {
        get {
            guard case .text(let blob) = attributes["blob"], case .integer(let count) = attributes["parts"] else {
                return nil
            }
            return CommitLog.Parts(blob: blob, count: Int(count))
        }
        set {
            attributes["blob"] = newValue.map { .text($0.blob) }
            attributes["parts"] = newValue.map { .integer(Int64($0.count)) }
        }
    }
}
