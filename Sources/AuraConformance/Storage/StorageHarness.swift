public import AuraEffects

/// Makes the storages that ``StorageLaw``s are checked on.
public protocol StorageHarness: ConformanceHarness where Handler == any StorageEffects {}

/// A harness that damages what a storage has stored.
public protocol StorageDamagingHarness: StorageHarness {
    /// Changes at least one bit of the stored bytes of a value and returns a handler on the damaged data.
    ///
    /// - Parameters:
    ///   - storage: A handler of this harness, not to be used afterwards.
    ///   - key: The value's key.
    /// - Returns: A handler on the damaged data.
    /// - Throws: Any error, which fails the law.
    func damage(_ storage: any StorageEffects, valueOf key: StorageKey) async throws -> any StorageEffects
}

/// A property that every storage must have.
public typealias StorageLaw = Law<any StorageEffects>

extension Law where Handler == any StorageEffects {
    /// Every law of storage.
    public static var all: [StorageLaw] {
        values + revisions + preconditions + keys + listing + limits + concurrency + cancellation + durability
            + crashes + sharing + transactions + undeclared
    }

    /// The laws that apply to what a harness makes.
    public static func applicable(to harness: any ConformanceHarness<any StorageEffects>) -> [StorageLaw] {
        all.filter { $0.applies(to: harness) }
    }
}
