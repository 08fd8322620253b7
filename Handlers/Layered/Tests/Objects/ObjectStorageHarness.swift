internal import AuraConformance
internal import AuraEffects
internal import AuraLayered
internal import AuraRuntime
internal import Synchronization
internal import Testing

/// Storage over buckets of one kind.
final class ObjectStorageHarness: ReopeningHarness, SharingHarness, StorageDamagingHarness {
    typealias Handler = any StorageEffects

    static let prefix = "values/é"

    private let kind: BucketKind
    private let open = Mutex<[(handler: ObjectStorageHandler, bucket: TestBucket)]>([])

    init(_ kind: BucketKind) {
        self.kind = kind
    }

    var capabilities: Capabilities {
        ObjectStorageHandler.capabilities(prefix: Self.prefix, over: kind.capabilities)
    }

    func open(_ bucket: TestBucket) throws -> ObjectStorageHandler {
        let handler = try ObjectStorageHandler(over: bucket, prefix: Self.prefix, random: HandlerContext.system.random)
        open.withLock { $0.append((handler, bucket)) }
        return handler
    }

    func bucket(of handler: any StorageEffects) throws -> TestBucket {
        try #require(open.withLock { open in open.first { $0.handler as AnyObject === handler as AnyObject }?.bucket })
    }

    func make() async throws -> any StorageEffects {
        try open(TestBucket(kind))
    }

    func reopen(_ handler: any StorageEffects) async throws -> any StorageEffects {
        try open(bucket(of: handler))
    }

    func second(_ handler: any StorageEffects) async throws -> any StorageEffects {
        try open(bucket(of: handler))
    }

    func damage(_ storage: any StorageEffects, valueOf key: StorageKey) async throws -> any StorageEffects {
        let bucket = try bucket(of: storage)
        bucket.change(ObjectKey(Self.prefix + key.text)) { $0[$0.count - 1] ^= 1 }
        return try open(bucket)
    }

    func finish() async {}
}
