internal import AuraEffects
internal import AuraMemory
internal import Measuring

/// A memory read through the effect system's `any StorageEffects`, against the same read of the concrete type.
final class DispatchAny: Comparison {
    let name = "dispatch-any"
    let unit = "ns"
    let isHigherBetter = false
    let target = Target.excess(atMost: 60)

    private let reads: Int
    private let key: StorageKey = "settings/theme"
    private let concrete = MemoryStorageHandler()
    private var effects = EffectSystem()

    init(reads: Int) {
        self.reads = reads
    }

    // What is looked for is a difference of a few nanoseconds: it takes many short samples close to one another.
    func rounds(asked: Int) -> Int { 10 * asked }

    func prepare() async throws {
        effects.storage = concrete
        try await effects.storage.write(Array("dark".utf8), to: key)
    }

    func measureOurs() async throws -> Double {
        let storage = effects.storage
        var byteCount = 0
        let elapsed = try await seconds {
            for _ in 0..<reads {
                byteCount += try await storage.read(key)?.bytes.count ?? 0
            }
        }
        precondition(byteCount == 4 * reads, "A read returned other bytes than were written.")
        return elapsed / Double(reads) * 1e9
    }

    func measureBaseline() async throws -> Double? {
        let storage = concrete
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
