internal import AuraEffects
internal import AuraMemory
internal import Measuring

/// A read of storage in memory with something around the handler, against the bare handler.
final class InterceptedRead: Comparison {
    let name: String
    let unit = "ns"
    let isHigherBetter = false
    let target: Target

    private let reads: Int
    private let surround: (inout EffectSystem) async throws -> Void
    private let key: StorageKey = "settings/theme"
    private var bare = EffectSystem()
    private var surrounded = EffectSystem()

    /// Creates a row.
    ///
    /// - Parameters:
    ///   - name: The row's name.
    ///   - target: What it must reach.
    ///   - reads: How many reads a sample has.
    ///   - surround: Puts something around the storage of a system.
    init(
        _ name: String,
        _ target: Target,
        reads: Int,
        _ surround: @escaping (inout EffectSystem) async throws -> Void
    ) {
        self.name = name
        self.target = target
        self.reads = reads
        self.surround = surround
    }

    // What is looked for is a difference of a few nanoseconds: it takes many short samples close to one another.
    func rounds(asked: Int) -> Int { 10 * asked }

    func prepare() async throws {
        bare.time = ManualTimeHandler()
        bare.random = SeededRandomHandler(seed: 1)
        bare.storage = MemoryStorageHandler()
        try await bare.storage.write(Array("dark".utf8), to: key)
        surrounded = bare
        try await surround(&surrounded)
    }

    func measureOurs() async throws -> Double { try await nanoseconds(surrounded.storage) }

    func measureBaseline() async throws -> Double? { try await nanoseconds(bare.storage) }

    private func nanoseconds(_ storage: any StorageEffects) async throws -> Double {
        var byteCount = 0
        let elapsed = try await seconds {
            for _ in 0..<reads {
                byteCount += try await storage.read(key)?.bytes.count ?? 0
            }
        }
        precondition(byteCount == 4 * reads, "A read returned other bytes than were written.")
        return elapsed / Double(reads) * 1e9
    }
}
