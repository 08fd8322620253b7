internal import AuraEffects

/// Makes random sequences of operations on few keys, so that operations meet.
struct StorageOperationGenerator: Sendable {
    private let scope: OperationScope

    init(_ scope: OperationScope) {
        self.scope = scope
    }

    /// The sequence of a seed; it ends with a look at everything.
    func sequence(seed: UInt64) -> [StorageOperation] {
        var draw = Draw(scope: scope, seed: seed)
        let count = Int.random(in: 8...48, using: &draw.generator)
        let operations = (0..<count).map { _ in draw.operation() }
        return operations + draw.keys.map { .read($0) } + [.listAll(pageSize: draw.generator.pick([1, 3, 100]))]
    }
}

/// The draws of one sequence.
private struct Draw {
    let scope: OperationScope
    var generator: SeededGenerator
    let keys: [StorageKey]
    private let unusual: [String]

    init(scope: OperationScope, seed: UInt64) {
        self.scope = scope
        generator = SeededGenerator(seed: seed)
        unusual = unusualTexts(atMost: scope.most(.keyBytes))
        var keys: [StorageKey] = ["a", "ab", "b"].map { StorageKey($0) }
        // A run of neighbours: look-alikes stand side by side.
        let start = Int.random(in: 0..<unusual.count, using: &generator)
        for text in unusual[start...].prefix(3) where !keys.contains(StorageKey(text)) { keys.append(StorageKey(text)) }
        self.keys = keys
    }

    mutating func operation() -> StorageOperation {
        let kind = generator.pick(weighted: [
            (30, "write"), (15, "read"), (14, "remove"), (12, "list"), (4, "listAll"),
            (scope.contains(.transactions) ? 16 : 0, "transact"),
            (scope.reopens ? 3 : 0, "reopen"), (scope.crashes ? 3 : 0, "crash"),
        ])
        switch kind {
        case "write": return .write(value(), to: key(), if: condition())
        case "read": return .read(key())
        case "remove": return .remove(key(), if: condition())
        case "list": return list()
        case "listAll": return .listAll(prefix: prefix(), pageSize: generator.pick([1, 2, 3, 5, 100]))
        case "transact": return .transact(mutations())
        case "reopen": return .reopen
        default: return .crash
        }
    }

    private mutating func key() -> StorageKey {
        guard generator.happens(0.03) else { return generator.pick(keys) }
        guard let excess = scope.excess(.keyBytes), generator.happens(0.6) else { return "" }
        return StorageKey(String(repeating: "k", count: excess))
    }

    private mutating func value() -> CountedBytes {
        let first = UInt8.random(in: 0...250, using: &generator)
        if generator.happens(0.02), let excess = scope.excess(.valueBytes) { return .counting(excess, from: first) }
        let count = generator.pick(weighted: [(2, 0), (4, 1), (4, 3), (3, 40), (1, 5000), (1, 9000)])
        return .counting(min(count, scope.most(.valueBytes)), from: first)
    }

    private mutating func condition() -> StorageOperation.Condition {
        generator.pick(weighted: [
            (40, .none), (20, .absent), (25, .latest), (8, .previous), (4, .latestOf(generator.pick(keys))),
            (3, .neverIssued),
        ])
    }

    private mutating func prefix() -> String {
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: ""
        case 1: "a"
        case 2: generator.pick(unusual)
        default: generator.pick(keys).text
        }
    }

    private mutating func list() -> StorageOperation {
        let after: StorageKey? =
            switch Int.random(in: 0..<5, using: &generator) {
            case 0: StorageKey(generator.pick(unusual))
            case 1, 2: generator.pick(keys)
            default: nil
            }
        let limit = generator.pick(weighted: [(4, 1), (4, 2), (4, 3), (4, 10), (1, 0), (1, -1), (1, Int.max)])
        return .list(prefix: prefix(), after: after, limit: limit)
    }

    private mutating func mutations() -> [StorageOperation.Mutation] {
        let most = scope.most(.transactionMutations)
        if generator.happens(0.02), let excess = scope.excess(.transactionMutations) {
            return (0..<excess).map { .write(.counting(1), to: StorageKey("many \($0)")) }
        }
        var chosen: [StorageKey] = []
        for _ in 0..<min(most, Int.random(in: 0...4, using: &generator)) {
            let key = key()
            // A key that occurs twice is refused: that must not be what most transactions come to.
            if !chosen.contains(key) || generator.happens(0.1) { chosen.append(key) }
        }
        return chosen.map { key in
            generator.happens(0.65)
                ? .write(value(), to: key, if: transactionCondition()) : .remove(key, if: transactionCondition())
        }
    }

    private mutating func transactionCondition() -> StorageOperation.Condition {
        generator.happens(0.6) ? .none : condition()
    }
}
