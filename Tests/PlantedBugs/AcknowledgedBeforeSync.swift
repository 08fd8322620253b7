extension PlantedBug {
    /// What a client was told is safe goes with the power.
    public static let acknowledgedBeforeSync = PlantedBug(
        name: "acknowledged before sync",
        fault: "A log acknowledges a record when it is written, and leaves the sync to a task in the background.",
        buggy: { try await crashWhileWriting(waitsForSync: false) },
        fixed: { try await crashWhileWriting(waitsForSync: true) }
    )
}

private struct PowerFailure: Error {}

/// Holds written records in a buffer; a power failure leaves those that a completed sync covers.
private actor Disk {
    private(set) var records: [String] = []
    private var durableCount = 0
    private var hasPower = true

    func write(_ record: String) throws {
        guard hasPower else { throw PowerFailure() }
        records.append(record)
    }

    func sync() async throws {
        let count = records.count
        try await Task.sleep(for: .milliseconds(.random(in: 1...4)))
        guard hasPower else { throw PowerFailure() }
        durableCount = max(durableCount, count)
    }

    func cutPower() {
        hasPower = false
        records.removeSubrange(durableCount...)
    }
}

private actor RecordLog {
    let disk: Disk
    let waitsForSync: Bool

    init(on disk: Disk, waitsForSync: Bool) {
        self.disk = disk
        self.waitsForSync = waitsForSync
    }

    func append(_ record: String) async throws {
        try await disk.write(record)
        if waitsForSync { try await disk.sync() }
    }

    func syncEvery(_ interval: Duration) async throws {
        while true {
            try await Task.sleep(for: interval)
            try await disk.sync()
        }
    }
}

private func crashWhileWriting(waitsForSync: Bool) async throws {
    let disk = Disk()
    let log = RecordLog(on: disk, waitsForSync: waitsForSync)
    let acknowledged = await withTaskGroup { group in
        for client in 1...3 {
            group.addTask {
                var acknowledged: [String] = []
                for number in 1...4 {
                    let record = "\(client).\(number)"
                    guard (try? await log.append(record)) != nil else { break }
                    acknowledged.append(record)
                    try? await Task.sleep(for: .milliseconds(.random(in: 5...50)))
                }
                return acknowledged
            }
        }
        group.addTask {
            try? await log.syncEvery(.milliseconds(2))
            return []
        }
        group.addTask {
            try? await Task.sleep(for: .milliseconds(.random(in: 1...150)))
            await disk.cutPower()
            return []
        }
        return await group.reduce(into: []) { $0 += $1 }
    }
    let found = Set(await disk.records)
    let lost = acknowledged.filter { !found.contains($0) }.sorted()
    try require(lost.isEmpty, "acknowledged and lost: \(lost.joined(separator: ", "))")
}
