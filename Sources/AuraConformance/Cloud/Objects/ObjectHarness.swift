public import AuraEffects

/// Makes the buckets that ``ObjectLaw``s are checked on.
public protocol ObjectHarness: ConformanceHarness where Handler == any ObjectStorageEffects {}

/// A harness that uses presigned addresses as whoever has one would, without the handler.
public protocol PresigningHarness: ObjectHarness {
    /// Fetches an object by an address.
    ///
    /// - Parameters:
    ///   - address: The address.
    ///   - bucket: The handler of this harness that gave it.
    /// - Returns: The object's bytes; `nil` where the address is refused.
    /// - Throws: Any error, which fails the law.
    func fetch(_ address: PresignedURL, from bucket: any ObjectStorageEffects) async throws -> [UInt8]?

    /// Stores an object at an address.
    ///
    /// - Parameters:
    ///   - bytes: The object's bytes.
    ///   - address: The address.
    ///   - bucket: The handler of this harness that gave it.
    /// - Returns: Whether the address was accepted.
    /// - Throws: Any error, which fails the law.
    func store(_ bytes: [UInt8], at address: PresignedURL, of bucket: any ObjectStorageEffects) async throws -> Bool
}

/// A property that every handler of objects must have.
public typealias ObjectLaw = Law<any ObjectStorageEffects>

extension Law where Handler == any ObjectStorageEffects {
    /// Every law of objects.
    public static var all: [ObjectLaw] {
        bodies + keys + metadata + preconditions + revisions + reading + concurrency + listing + copying + uploads
            + cancellation + presigning
    }

    /// The laws that apply to what a harness makes.
    public static func applicable(to harness: any ConformanceHarness<any ObjectStorageEffects>) -> [ObjectLaw] {
        all.filter { $0.applies(to: harness) }
    }
}
