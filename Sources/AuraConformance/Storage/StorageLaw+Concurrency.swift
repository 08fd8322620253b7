internal import AuraEffects

extension Law where Handler == any StorageEffects {
    static var concurrency: [StorageLaw] {
        [
            StorageLaw("a reader sees each value whole while it is overwritten") { harness in
                let storage = try await harness.make()
                let size = min(20_000, harness.capabilities.limit(.valueBytes))
                let issued = Collected<StorageRevision>()
                issued.add(try await storage.write(Array(repeating: 0, count: size), to: "a"))
                let writer = Task {
                    for turn in UInt8(1)...100 {
                        issued.add(try await storage.write(Array(repeating: turn, count: size), to: "a"))
                        // A handler may answer without ever suspending: others must get their turn.
                        await Task.yield()
                    }
                }
                defer { writer.cancel() }
                let seen = try await concurrently(4) { _ in
                    var seen: [StorageRevision: UInt8] = [:]
                    for _ in 0..<50 {
                        let value = try require(await storage.read("a"), "the value")
                        let turn = try require(value.bytes.first, "the first byte")
                        let isWhole = value.bytes.count == size && value.bytes.allSatisfy { $0 == turn }
                        try expect(isWhole, "a value is made up of several writes")
                        seen[value.revision] = turn
                        await Task.yield()
                    }
                    return seen
                }
                try await writer.value
                let turns = Dictionary(uniqueKeysWithValues: zip(issued.soFar, UInt8(0)...))
                for (revision, turn) in seen.joined() {
                    try expectEqual(turns[revision], turn, "the write that the revision \(revision) is of")
                }
            },
            StorageLaw("every read that begins after a write has ended sees it, however many run at once") {
                harness in
                let storage = try await harness.make()
                for turn in UInt8(1)...10 {
                    let value = StoredValue(bytes: [turn], revision: try await storage.write([turn], to: "a"))
                    let read = try await concurrently(64) { _ in try await storage.read("a") }
                    for found in read { try expectEqual(found, value, "the value after write \(turn)") }
                }
            },
        ]
    }
}
