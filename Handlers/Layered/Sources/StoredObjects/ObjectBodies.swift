internal import AuraEffects
internal import AuraRuntime

/// The bytes of objects in a storage, in chunks.
struct ObjectBodies: Sendable {
    /// After how long a group that no object has is taken for one that its writer has left.
    static let abandonedAfter = Duration.seconds(24 * 3600)

    private static let idByteCount = 16
    private static let page = 1000

    let storage: any StorageEffects
    let places: ObjectPlaces
    let time: any TimeEffects
    let random: any RandomEffects
    let capabilities: Capabilities
    let errors: HandlerErrors
    let chunkBytes: Int

    func newName() -> String { Hexadecimal.string(random.bytes(Self.idByteCount)) }

    // MARK: Writing and reading

    /// Marks a group as one that no object has yet.
    func begin(_ group: String) async throws(EffectError) {
        try await storage.write(Array("+\(time.now.nanosecondsSinceEpoch)".utf8), to: places.garbage(group))
    }

    /// Stores the bytes of a body.
    ///
    /// - Parameters:
    ///   - body: The body.
    ///   - run: The name of its bytes.
    ///   - group: The group that they belong to.
    ///   - limit: Which of the declared limits holds.
    ///   - operation: The operation's name.
    /// - Returns: How many bytes there are.
    /// - Throws: ``EffectError`` of the body and the storage; `invalidArgument` for a body beyond the limit or of another length
    ///   than it announces.
    func write(
        _ body: ByteStream,
        as run: String,
        in group: String,
        atMost limit: Limit,
        in operation: String
    ) async throws(EffectError) -> Int {
        var meter = BodyMeter(of: body, atMost: capabilities.limit(limit), operation: operation, errors: errors)
        try meter.begin()
        var iterator = body.makeAsyncIterator()
        var waiting: [UInt8] = []
        var number = 0
        while let bytes = try await iterator.next() {
            try errors.checkCancellation(in: operation)
            try meter.take(bytes)
            waiting += bytes
            while waiting.count >= chunkBytes {
                try await storage.write(
                    Array(waiting.prefix(chunkBytes)),
                    to: places.chunk(number, of: run, in: group)
                )
                waiting.removeFirst(chunkBytes)
                number += 1
            }
        }
        try meter.end()
        if !waiting.isEmpty { try await storage.write(waiting, to: places.chunk(number, of: run, in: group)) }
        return meter.byteCount
    }

    /// The bytes of an object that lie in a range.
    ///
    /// - Parameters:
    ///   - range: The range.
    ///   - record: The object's record.
    ///   - key: The object's key.
    /// - Returns: The bytes; the body throws `conflict` where the object is replaced or removed meanwhile.
    func read(_ range: Range<Int>, of record: ObjectRecord, key: ObjectKey) -> ByteStream {
        ByteStream(byteCount: range.count, isRepeatable: true) { offset throws(EffectError) in
            try errors.checkCancellation(in: "get")
            guard offset < range.count else { return nil }
            var start = range.lowerBound + offset
            for run in record.runs {
                guard start >= run.byteCount else {
                    let chunk = start / record.chunkBytes
                    let size = min(record.chunkBytes, run.byteCount - chunk * record.chunkBytes)
                    let bytes = try await self.chunk(chunk, of: run.name, size, in: record.group, key)
                    return Array(bytes[(start - chunk * record.chunkBytes)...].prefix(range.count - offset))
                }
                start -= run.byteCount
            }
            return nil
        }
    }

    private func chunk(
        _ number: Int,
        of run: String,
        _ size: Int,
        in group: String,
        _ key: ObjectKey
    ) async throws(EffectError) -> [UInt8] {
        let name = HandlerErrors.quote(key.text)
        guard let value = try await storage.read(places.chunk(number, of: run, in: group)) else {
            let message = "The object \(name) was replaced or removed while it was read: open it again."
            throw errors.error(.conflict, in: "get", message, isRetryable: true)
        }
        guard value.bytes.count == size else {
            let message = "A part of the object \(name) is damaged: store it again, or restore the storage."
            throw errors.error(.corrupted, in: "get", message)
        }
        return value.bytes
    }

    // MARK: Removing

    /// Removes what belongs to a group, which is marked as one that no object has any more.
    func remove(_ group: String) async throws(EffectError) {
        try await removeAll(places.chunks(of: group))
        try await removeAll(places.parts(of: group))
        try await storage.remove(places.garbage(group))
    }

    /// Removes the values whose keys begin with a prefix.
    func removeAll(_ prefix: String) async throws(EffectError) {
        let most = min(Self.page, capabilities.limit(.pageElements), storage.capabilities.limit(.transactionMutations))
        while true {
            let page = try await storage.list(prefix: prefix, after: nil, limit: most)
            if page.items.isEmpty { return }
            try await storage.transact(page.items.map { .remove($0.key) })
        }
    }

    /// Removes the groups that no object has any more, and those that their writers have left.
    func removeLeftovers() async throws(EffectError) {
        let oldest = time.now.nanosecondsSinceEpoch - Self.abandonedAfter.nanoseconds
        var after: StorageKey?
        repeat {
            let page = try await storage.list(prefix: places.garbage, after: after, limit: Self.page)
            for item in page.items {
                guard let mark = try await storage.read(item.key)?.bytes else { continue }
                let began = Int64(String(decoding: mark.dropFirst(), as: UTF8.self)) ?? .max
                let isDead = mark.first == UInt8(ascii: "-")
                guard isDead || began < oldest else { continue }
                let group = String(decoding: item.key.text.utf8.dropFirst(places.garbage.utf8.count), as: UTF8.self)
                try await remove(group)
            }
            after = page.next
        } while after != nil
    }
}
