internal import AuraRuntime

/// All of a simulated disk, and what was drawn and counted so far.
struct DiskState: Sendable {
    static let rootNumber: UInt64 = 1

    let configuration: DiskConfiguration
    var faults = DiskFaults()
    var capacity: Int?
    var statistics = DiskStatistics()
    var random: DiskGenerator
    /// Which run of the machine this is; what was opened in an earlier one is gone.
    var generation = 0
    /// How many operations are left until the power fails.
    var operationsLeft: Int?
    /// Failures that are due: how many of each kind.
    var failuresDue: [DiskOperation: Int] = [:]

    var files: [UInt64: FileNode] = [:]
    var folders: [UInt64: FolderNode] = [rootNumber: FolderNode()]
    var takenRoom = 0
    /// Mixed from every operation so far.
    private(set) var history: UInt64 = 0
    private var lastNumber = rootNumber
    private var lastOpening: UInt64 = 0

    init(seed: UInt64, _ configuration: DiskConfiguration) {
        self.configuration = configuration
        capacity = configuration.capacity
        random = DiskGenerator(seed: seed)
    }

    mutating func newNumber() -> UInt64 {
        lastNumber += 1
        return lastNumber
    }

    mutating func newOpening() -> UInt64 {
        lastOpening += 1
        return lastOpening
    }

    // MARK: Operations

    /// Runs an operation of a machine's run: counts it, and cuts the power where that is due.
    ///
    /// - Returns: Its result, and how long it takes.
    mutating func run<Result>(
        _ operation: DiskOperation,
        in generation: Int,
        _ body: (inout DiskState) throws(VolumeError) -> Result
    ) -> (result: Swift.Result<Result, VolumeError>, duration: Duration) {
        guard generation == self.generation else { return (.failure(.deviceFailed), .zero) }
        count(operation)
        record(UInt64(operation.rawValue.utf8.first ?? 0), statistics.operations)
        let duration = duration(of: operation)
        if let left = operationsLeft {
            operationsLeft = left - 1
            if left <= 1 {
                // A sync that was cut short has promised nothing; anything else may have happened.
                if operation != .sync { _ = try? body(&self) }
                crash()
                return (.failure(.deviceFailed), duration)
            }
        }
        return (Swift.Result { () throws(VolumeError) in try body(&self) }, duration)
    }

    /// Mixes what an operation does into the history.
    mutating func record(_ number: UInt64, _ values: Int...) {
        history = values.reduce(history ^ number) { history, value in
            var mixer = DiskGenerator(seed: history ^ UInt64(bitPattern: Int64(value)))
            return mixer.next()
        }
    }

    private mutating func count(_ operation: DiskOperation) {
        statistics.operations += 1
        switch operation {
        case .read: statistics.reads += 1
        case .write: statistics.writes += 1
        case .sync: statistics.syncs += 1
        case .name: statistics.names += 1
        }
    }

    private mutating func duration(of operation: DiskOperation) -> Duration {
        let usual =
            switch operation {
            case .read, .name: configuration.latency.read
            case .write: configuration.latency.write
            case .sync: configuration.latency.sync
            }
        guard random.happens(faults.slow) else { return usual }
        statistics.slowOperations += 1
        return usual + faults.slowness
    }

    /// Whether an operation fails now because a fault says so.
    mutating func fails(_ operation: DiskOperation) -> Bool {
        let isDue = failuresDue[operation, default: 0] > 0
        if isDue { failuresDue[operation, default: 0] -= 1 }
        let chance =
            switch operation {
            case .read: faults.readError
            case .write: faults.writeError
            case .sync: faults.syncError
            case .name: faults.nameError
            }
        guard random.happens(chance) || isDue else { return false }
        statistics.errors += 1
        return true
    }

    /// Throws where an operation fails that has no part to leave behind.
    mutating func check(_ operation: DiskOperation) throws(VolumeError) {
        if fails(operation) { throw .deviceFailed }
    }

    // MARK: Files that go

    /// Lets a file go that has no name, is not open, and comes back with no crash.
    mutating func release(_ number: UInt64) {
        guard let file = files[number], file.names == 0, file.openings == 0 else { return }
        if file.takesRoom {
            takenRoom -= FileNode.room(file.bytes.count, sectorSize: configuration.sectorSize)
            files[number]?.takesRoom = false
        }
        if file.pendingRemovals == 0 { files[number] = nil }
    }
}
