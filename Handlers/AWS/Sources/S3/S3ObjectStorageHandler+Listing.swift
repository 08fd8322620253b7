#if AWS
internal import AuraCloud
public import AuraEffects
internal import AuraRuntime

extension S3ObjectStorageHandler {
    /// A page of the objects whose keys begin with a prefix, by version 2 of S3's listing.
    public func list(
        prefix: String,
        after token: PageToken?,
        limit: Int
    ) async throws(EffectError) -> ObjectPage {
        try errors.checkCancellation(in: "list")
        let size = try validation.pageSize(for: limit)
        var parts = S3Client.Parts()
        parts.query = [("list-type", "2"), ("encoding-type", "url"), ("max-keys", String(size))]
        if !prefix.isEmpty { parts.query.append(("prefix", prefix)) }
        if let token { parts.query.append(("continuation-token", token.rawValue)) }
        let response = try await client.send(.listObjects, .get, nil, parts, for: "list")
        let document = try await client.document(of: response, for: "list")
        let isEncoded = document.text("EncodingType") == "url"
        var items: [ObjectPage.Item] = []
        for entry in document.all("Contents") { items.append(try item(entry, isEncoded: isEncoded)) }
        let next = document.text("IsTruncated") == "true" ? document.text("NextContinuationToken") : nil
        return ObjectPage(items: items, next: next.map { PageToken(rawValue: $0) })
    }

    private func item(_ entry: XMLElement, isEncoded: Bool) throws(EffectError) -> ObjectPage.Item {
        guard let name = entry.text("Key"), let key = isEncoded ? S3Keys.decode(name) : name,
            let tag = entry.text("ETag"), let count = entry.text("Size").flatMap({ Int($0) }),
            let modified = entry.text("LastModified").flatMap({ HTTPDate.isoTime($0) })
        else {
            let message =
                "An entry of the listing lacks what S3 says of each: see whether the endpoint is that of a store."
            throw errors.error(.unavailable, in: "list", message, isRetryable: false)
        }
        return ObjectPage.Item(
            key: ObjectKey(key),
            revision: S3Client.revision(of: tag),
            byteCount: count,
            modified: modified
        )
    }
}

/// Keys within listings.
enum S3Keys {
    /// A key that a listing encoded as in a form: a blank is a plus.
    static func decode(_ text: String) -> String? {
        PercentEncoding.decode(text.replacing("+", with: " "))
    }
}
#endif
