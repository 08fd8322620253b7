#if AWS
internal import AuraCloud
internal import AuraEffects
internal import AuraRuntime

/// What a handler of a bucket is made with.
struct S3Configuration: Sendable {
    var address: S3Address
    var cloud: CloudConfig
    /// Whether the bytes of bodies are signed.
    var signsBodies: Bool
    /// How many bytes a part of an upload has, and the most that are kept of a body that is sent at once.
    var partBytes: Int
    /// How many parts are under way side by side.
    var parallelParts: Int
    /// How often a request that is part of a larger call is tried.
    var attemptsOfParts: Int

    /// Parts and how many of them the memory allows: what is under way and the one that is being filled take a sixteenth.
    ///
    /// - Parameters:
    ///   - budget: What the handler may use.
    ///   - partBytes: The size that is set; `nil` for the least, so that several are under way in little memory.
    ///   - parallelParts: The number that is set; `nil` for one of the budget.
    /// - Returns: The size of a part, and how many are under way.
    static func parts(
        within budget: ResourceBudget,
        partBytes: Int? = nil,
        parallelParts: Int? = nil
    ) -> (partBytes: Int, parallelParts: Int) {
        let memory = budget.memoryLimit.bytes / 16
        let size = partBytes ?? S3ObjectStorageHandler.leastPartBytes
        return (size, parallelParts ?? min(4, max(1, memory / size - 1)))
    }
}
#endif
