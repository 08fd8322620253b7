internal import AuraEffects

extension ObjectStorageEffects {
    /// Stores an object of a few bytes.
    @discardableResult
    func put(
        _ bytes: [UInt8],
        to key: ObjectKey,
        if precondition: CloudPrecondition = .none
    ) async throws -> CloudRevision {
        try await put(ByteStream(bytes), to: key, metadata: ObjectMetadata(), if: precondition)
    }

    /// The bytes of an object with its revision; `nil` where there is none.
    func content(_ key: ObjectKey) async throws -> (bytes: [UInt8], revision: CloudRevision)? {
        guard let content = try await get(key) else { return nil }
        return (try await content.body.bytes(atMost: .max), content.info.revision)
    }

    /// The bytes of an object; `nil` where there is none.
    func bytes(_ key: ObjectKey) async throws -> [UInt8]? {
        try await content(key)?.bytes
    }

    /// Every listed item, page by page.
    ///
    /// - Parameters:
    ///   - prefix: What the keys begin with.
    ///   - pageSize: The most items of a page.
    ///   - meanwhile: What happens after each page.
    /// - Returns: The items.
    /// - Throws: What the handler throws; `BrokenExpectation` for a page that is too large.
    func everything(
        prefix: String = "",
        pageSize: Int = 100,
        meanwhile: (_ page: Int) async throws -> Void = { _ in }
    ) async throws -> [ObjectPage.Item] {
        var items: [ObjectPage.Item] = []
        var token: PageToken?
        var number = 0
        repeat {
            let page = try await list(prefix: prefix, after: token, limit: pageSize)
            try expect(page.items.count <= pageSize, "a page of limit \(pageSize) has \(page.items.count) items")
            items += page.items
            token = page.next
            try await meanwhile(number)
            number += 1
        } while token != nil
        return items
    }

    /// Fails unless the bucket holds exactly these objects.
    func expectContents(
        _ expected: [ObjectKey: [UInt8]],
        _ what: String,
        fileID: String = #fileID,
        line: Int = #line
    ) async throws {
        let keys = try await everything().map(\.key).sorted()
        try expectEqual(keys, expected.keys.sorted(), "the listing \(what)", fileID: fileID, line: line)
        for (key, bytes) in expected {
            try expectEqual(try await self.bytes(key), bytes, "the object '\(key)' \(what)", fileID: fileID, line: line)
        }
    }
}

/// A body in chunks of given sizes, of which the last is repeated.
func chunked(_ bytes: [UInt8], _ sizes: [Int], announcing byteCount: Int? = nil) -> ByteStream {
    var chunks: [Int: [UInt8]] = [:]
    var offset = 0
    var number = 0
    while offset < bytes.count {
        let chunk = Array(bytes[offset...].prefix(sizes[min(number, sizes.count - 1)]))
        chunks[offset] = chunk
        offset += chunk.count
        number += 1
    }
    return ByteStream(byteCount: byteCount, isRepeatable: true) { [chunks] offset throws(EffectError) in
        await Task.yield()
        return chunks[offset]
    }
}

/// Keys that mean something to an address, a header field, a document or a file system.
func unusualKeys(atMost byteCount: Int) -> [String] {
    let texts = [
        "+", "a+b", "a b", "a%20b", "%", "%2F", "%2e%2e", "a/", "a//", "//a", "/a", ".a", "..a", "a.", "a/.", "a/..",
        "a/../b", "#", "a?b=c&d", ";", "=", "&amp;", "<a>", "\"", "👩‍👩‍👧‍👦", "a\u{301}", "á",
    ]
    // As keys: texts that look alike would be equal.
    return Set((texts + unusualTexts(atMost: byteCount)).map { ObjectKey($0) }).sorted().map(\.text)
        .filter { $0.utf8.count <= byteCount }
}

extension String {
    /// Whether every handler takes the text as a key.
    var isUsualKey: Bool { self != "." && self != ".." && !utf8.contains { $0 < 0x20 || $0 == 0x7f } }
}

/// The one call that went through; fails unless there is one and the others' preconditions did not hold.
func theWinner<Value>(of results: [Result<Value, any Error>], line: Int = #line) throws -> (Int, Value) {
    for case .failure(let error) in results {
        try expectEqual((error as? EffectError)?.code, .preconditionFailed, "the failure of the others", line: line)
    }
    let winners = results.enumerated().compactMap { index, result in (try? result.get()).map { (index, $0) } }
    try expectEqual(winners.count, 1, "how many of \(results.count) went through", line: line)
    return winners[0]
}
