#if AWS
internal import AuraCloud
internal import AuraEffects
internal import AuraRuntime

extension S3ObjectStorageHandler {
    /// The bucket; whether it is there.
    func bucketStatus() async throws(EffectError) -> ServiceResource {
        var parts = S3Client.Parts()
        parts.query = [("list-type", "2"), ("max-keys", "1")]
        parts.meanings = ["NoSuchBucket": .notFound]
        var exists = true
        do throws(EffectError) {
            _ = try await client.send(.listObjects, .get, nil, parts, for: "create")
        } catch  where error.code == .notFound {
            exists = false
        }
        return ServiceResource("S3 bucket", client.address.bucket, exists: exists)
    }

    /// Makes the bucket where it is missing, in a region; nothing of it is open to others.
    func createBucket(in region: String) async throws(EffectError) -> ServiceResource {
        let before = try await bucketStatus()
        guard !before.exists else { return before }
        var parts = S3Client.Parts()
        parts.changes = true
        parts.isIdempotent = false
        // That region has no name here.
        if region != "us-east-1" {
            let document =
                "<CreateBucketConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
                + "<LocationConstraint>\(region)</LocationConstraint></CreateBucketConfiguration>"
            parts.body = .bytes(Array(document.utf8))
        }
        _ = try await client.send(.createBucket, .put, nil, parts, for: "create")
        return before
    }
}
#endif
