/// Finds a shorter and simpler sequence that still makes a difference: delta debugging, the same way each time.
struct SequenceShrinking<Operation: DifferentialOperation> {
    private let replay: DifferentialReplay<Operation>

    /// The best sequence so far.
    private(set) var operations: [Operation]

    /// The difference that it makes.
    private(set) var difference: DifferentialReplay<Operation>.Difference

    /// How many candidates were tried.
    private(set) var replayCount = 0

    /// The most candidates that are tried.
    private static var mostReplays: Int { 1000 }

    /// Begins with a sequence that makes a difference; what comes after it is of no interest.
    init(
        replay: DifferentialReplay<Operation>,
        _ operations: [Operation],
        _ difference: DifferentialReplay<Operation>.Difference
    ) {
        self.replay = replay
        self.operations = Array(operations[...difference.index])
        self.difference = difference
    }

    /// Shrinks until nothing gets simpler or the bound is reached.
    ///
    /// A handler that does not answer takes its time at every replay: such a sequence is left as it is.
    mutating func run() async throws {
        if difference.reference.isMissing || difference.subject.isMissing { return }
        var before: [Operation]
        repeat {
            before = operations
            try await removeChunks()
            try await simplifyOperands()
            try await simplifyNames()
        } while operations != before && replayCount < Self.mostReplays
    }

    private mutating func removeChunks() async throws {
        var size = max(1, operations.count / 2)
        while true {
            // From the end: what an operation rests on comes before it.
            var end = operations.count
            while end > 0 {
                let start = max(0, end - size)
                var candidate = operations
                candidate.removeSubrange(start..<end)
                try await take(candidate)
                // What was beyond the difference is gone too.
                end = min(start, operations.count)
            }
            if size == 1 { return }
            size /= 2
        }
    }

    private mutating func simplifyOperands() async throws {
        var index = 0
        while index < operations.count {
            var isSimpler = true
            while isSimpler, index < operations.count {
                isSimpler = false
                for simpler in operations[index].simplifications {
                    var candidate = operations
                    candidate[index] = simpler
                    isSimpler = try await take(candidate)
                    if isSimpler { break }
                }
            }
            index += 1
        }
    }

    private mutating func simplifyNames() async throws {
        let plain = ["a", "b", "c", "d"]
        for name in Set(operations.flatMap(\.names)).sorted() where !plain.contains(name) {
            let used = Set(operations.flatMap(\.names))
            guard let free = plain.first(where: { !used.contains($0) }) else { return }
            try await take(operations.map { $0.renaming(name, to: free) })
        }
    }

    /// Goes on with a candidate if it makes a difference.
    @discardableResult
    private mutating func take(_ candidate: [Operation]) async throws -> Bool {
        guard !candidate.isEmpty, replayCount < Self.mostReplays else { return false }
        try Task.checkCancellation()
        replayCount += 1
        var summary = DifferentialSummary()
        guard let found = try await replay.difference(candidate, summary: &summary) else { return false }
        if found.reference.isMissing || found.subject.isMissing { return false }
        operations = Array(candidate[...found.index])
        difference = found
        return true
    }
}
