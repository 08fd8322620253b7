internal import AuraEffects
internal import Measuring

/// The keys and values that both sides of a storage suite work on, drawn from a seed.
struct StorageWorkload: Sendable {
    static let keySize = 16
    static let prefix = "objects/"

    let valueSize: Int
    let keys: [StorageKey]
    /// The keys' bytes, ``keySize`` of them a key, one key after the other.
    let keyBytes: [UInt8]
    private let filler: [UInt8]

    /// Creates a workload whose keys come in no order.
    init(count: Int, valueSize: Int = 4096) {
        var random = SplitMix(state: 2)
        self.valueSize = valueSize
        filler = (0..<valueSize).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        var numbers = Array(0..<count)
        for index in stride(from: count - 1, to: 0, by: -1) {
            numbers.swapAt(index, Int(random.next() % UInt64(index + 1)))
        }
        keys = numbers.map { number in
            let digits = String(number)
            return StorageKey(Self.prefix + String(repeating: "0", count: 8 - digits.count) + digits)
        }
        keyBytes = keys.flatMap { Array($0.text.utf8) }
    }

    var count: Int { keys.count }

    /// The value of a key: each differs from the others in its first bytes.
    func value(_ index: Int) -> [UInt8] {
        var value = filler
        withUnsafeBytes(of: UInt64(index)) { value.replaceSubrange(0..<min(8, valueSize), with: $0.prefix(valueSize)) }
        return value
    }

    /// Every value, one after the other, as a loop in C takes them.
    func allValues() -> [UInt8] {
        var values: [UInt8] = []
        values.reserveCapacity(count * valueSize)
        for index in 0..<count { values.append(contentsOf: value(index)) }
        return values
    }
}

extension StorageEffects {
    /// Writes every value, each task its share.
    func write(_ workload: StorageWorkload, tasks: Int) async throws {
        try await shared(among: tasks, count: workload.count) { index in
            try await write(workload.value(index), to: workload.keys[index])
        }
    }

    /// Reads every value, each task its share, and refuses one that has not all its bytes.
    func readAll(_ workload: StorageWorkload, tasks: Int) async throws {
        try await shared(among: tasks, count: workload.count) { index in
            let value = try await read(workload.keys[index])
            guard value?.bytes.count == workload.valueSize else {
                throw MissingEntries(expected: workload.valueSize, found: value?.bytes.count ?? 0)
            }
        }
    }

    /// Lists every key in pages and refuses a listing that is not whole and in order.
    func listAll(_ workload: StorageWorkload, pageSize: Int) async throws {
        var count = 0
        var after: StorageKey?
        repeat {
            let page = try await list(prefix: StorageWorkload.prefix, after: after, limit: pageSize)
            count += page.items.count
            after = page.next
        } while after != nil
        guard count == workload.count else { throw MissingEntries(expected: workload.count, found: count) }
    }

    private func shared(
        among tasks: Int,
        count: Int,
        _ body: @escaping @Sendable (Int) async throws -> Void
    ) async throws {
        if tasks == 1 {
            for index in 0..<count { try await body(index) }
            return
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<tasks {
                group.addTask {
                    for index in stride(from: task, to: count, by: tasks) { try await body(index) }
                }
            }
            try await group.waitForAll()
        }
    }
}

/// A row that times the same operations of ours and of a loop in C.
struct StorageRow: Comparison {
    let name: String
    let unit: String
    let target: Target
    let operations: Int
    /// Samples of syncs are short, and there are more of them: how long a sync takes changes from second to second.
    var roundsFactor = 1
    var preparation: () async throws -> Void = {}
    /// How long ours takes, in seconds.
    let ours: () async throws -> Double
    /// How long the baseline takes, in seconds.
    let baseline: () async throws -> Double
    var cleaning: () async throws -> Void = {}

    var isHigherBetter: Bool { true }
    func rounds(asked: Int) -> Int { roundsFactor * asked }
    func prepare() async throws { try await preparation() }
    func measureOurs() async throws -> Double { Double(operations) / (try await ours()) }
    func measureBaseline() async throws -> Double? { Double(operations) / (try await baseline()) }
    func finish() async throws { try await cleaning() }
}
