internal import AuraEffects

extension Law where Handler == any StorageEffects {
    static var crashes: [StorageLaw] {
        [
            StorageLaw("a crash loses nothing that was acknowledged", .ability(.crash), .capability(.durable)) {
                harness in
                let storage = try await harness.make()
                let contents = try await storage.fill()
                let recovered = try await harness.crashed(storage)
                try await recovered.expectContents(contents, "after the crash")
            },
            StorageLaw("a crash amid writes leaves every value whole", .ability(.crash)) { harness in
                let recovered = try await crashAmidWrites(harness).recovered
                for (key, value) in try await recovered.contents() {
                    let whole = bytes(ofTurn: turn(of: value), count: 5000)
                    try expect(value.bytes == whole, "the value of '\(key)' is half-written")
                }
            },
            StorageLaw(
                "a crash amid writes loses nothing that was acknowledged",
                .ability(.crash),
                .capability(.durable)
            ) { harness in
                let (acknowledged, recovered) = try await crashAmidWrites(harness)
                for (key, acknowledgedTurn) in acknowledged {
                    let value = try require(await recovered.read(key), "the acknowledged value of '\(key)'")
                    let kept = turn(of: value)
                    try expect(
                        kept >= acknowledgedTurn,
                        "the write \(acknowledgedTurn) of '\(key)' was acknowledged, but \(kept) is there"
                    )
                }
            },
            StorageLaw(
                "a crash loses no transaction that was acknowledged",
                .ability(.crash),
                .capability(.durable),
                .capability(.transactions)
            ) { harness in
                let storage = try await harness.make()
                try await storage.transact([.write([1], to: "a"), .write([2], to: "b")])
                try await storage.transact([.remove("a"), .write([3], to: "b"), .write([4], to: "c")])
                let contents = try await storage.contents()
                let recovered = try await harness.crashed(storage)
                try expectEqual(contents.keys.sorted(), ["b", "c"], "the keys")
                try await recovered.expectContents(contents, "after the crash")
            },
            StorageLaw(
                "a crash amid transactions leaves all of each or nothing",
                .ability(.crash),
                .capability(.transactions)
            ) { harness in
                let (_, recovered) = try await crash(harness) { storage, task, turn in
                    let keys = ["left", "right"].map { StorageKey("\($0) of \(task)") }
                    try await storage.transact(keys.map { .write(bytes(ofTurn: turn, count: 4), to: $0) })
                    return keys[0]
                }
                for task in 0..<8 {
                    let left = try await recovered.read(StorageKey("left of \(task)"))?.bytes
                    let right = try await recovered.read(StorageKey("right of \(task)"))?.bytes
                    try expectEqual(left, right, "what a transaction of task \(task) wrote left and right")
                }
            },
        ]
    }

    private typealias Write = @Sendable (any StorageEffects, _ task: Int, _ turn: Int) async throws -> StorageKey

    private static func crashAmidWrites(
        _ harness: any ConformanceHarness<Handler>
    ) async throws -> (acknowledged: [(key: StorageKey, turn: Int)], recovered: any StorageEffects) {
        try await crash(harness) { storage, task, turn in
            let key = StorageKey("key \(task)")
            try await storage.write(bytes(ofTurn: turn, count: 5000), to: key)
            return key
        }
    }

    /// Crashes a storage while eight tasks write; returns what was acknowledged before.
    private static func crash(
        _ harness: any ConformanceHarness<Handler>,
        amid write: @escaping Write
    ) async throws -> (acknowledged: [(key: StorageKey, turn: Int)], recovered: any StorageEffects) {
        let storage = try await harness.make()
        let acknowledged = Collected<(key: StorageKey, turn: Int)>()
        let writers = (0..<8)
            .map { task in
                Task {
                    var turn = 0
                    while !Task.isCancelled {
                        turn += 1
                        acknowledged.add((try await write(storage, task, turn), turn))
                        // A handler may answer without ever suspending: others must get their turn.
                        await Task.yield()
                    }
                }
            }
        defer { for writer in writers { writer.cancel() } }
        try await within(Patience.step, "the first writes") {
            while acknowledged.soFar.count < 20 { try await pause(.milliseconds(1)) }
        }
        let before = acknowledged.soFar
        return (before, try await harness.crashed(storage))
    }

    /// The turn's number over and over, so that the halves of two turns show.
    private static func bytes(ofTurn turn: Int, count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: turn >> (8 * ($0 % 4))) }
    }

    private static func turn(of value: StoredValue) -> Int {
        value.bytes.prefix(4).enumerated().reduce(0) { $0 | Int($1.element) << (8 * $1.offset) }
    }
}
