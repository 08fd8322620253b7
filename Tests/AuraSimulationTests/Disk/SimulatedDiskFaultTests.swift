internal import AuraRuntime
internal import AuraSimulation
internal import Synchronization
internal import Testing

@Suite("What goes wrong on a simulated disk")
struct SimulatedDiskFaultTests {
    private func diskWithFile(
        seed: UInt64 = 1,
        _ configuration: DiskConfiguration = DiskConfiguration()
    ) throws -> (disk: SimulatedDisk, file: any VolumeFile) {
        let disk = SimulatedDisk(seed: seed, configuration: configuration)
        let root = try disk.mount().root
        let file = try root.file("file", [.write, .create])
        try root.sync()
        return (disk, file)
    }

    @Test("an operation that is to fail does, once, and is counted")
    func failures() throws {
        let (disk, file) = try diskWithFile()
        try file.write("bytes")
        for operation in DiskOperation.allCases { disk.fail(next: operation) }
        #expect(volumeError { () throws(VolumeError) in try file.write("other") } == .deviceFailed)
        #expect(volumeError { () throws(VolumeError) in try file.sync() } == .deviceFailed)
        #expect(volumeError { () throws(VolumeError) in _ = try file.read(1) } == .deviceFailed)
        #expect(volumeError { () throws(VolumeError) in _ = try disk.mount().root } == .deviceFailed)
        #expect(disk.statistics.errors == 4)
        try file.write("bytes")
        try file.sync()
        #expect(try file.read(9) == Array("bytes".utf8))
    }

    @Test(
        "a failed sync forgets what it did not write, also where a later sync succeeds; what is written again is durable"
    )
    func forgotten() throws {
        var found: Set<[UInt8]> = []
        for seed in 0..<50 as Range<UInt64> {
            let (disk, file) = try diskWithFile(seed: seed)
            try file.write("old")
            try file.sync()
            try file.write("new")
            disk.fail(next: .sync)
            #expect(volumeError { () throws(VolumeError) in try file.sync() } == .deviceFailed)
            try file.sync()
            #expect(try file.read(3) == Array("new".utf8))
            if seed.isMultiple(of: 2) {
                disk.crash()
                found.insert(try #require(disk.contents(of: "/file")))
            } else {
                try file.write("n")
                try file.sync()
                disk.crash()
                #expect(disk.contents(of: "/file") == Array("new".utf8))
            }
        }
        #expect(found == [Array("old".utf8), Array("new".utf8)])
    }

    @Test("where a failed sync does not forget, the next one makes everything durable")
    func notForgotten() throws {
        for seed in 0..<20 as Range<UInt64> {
            let (disk, file) = try diskWithFile(seed: seed)
            disk.faults.failedSyncForgets = false
            try file.write("new")
            disk.fail(next: .sync)
            #expect(volumeError { () throws(VolumeError) in try file.sync() } == .deviceFailed)
            try file.sync()
            disk.crash()
            #expect(disk.contents(of: "/file") == Array("new".utf8))
        }
    }

    @Test("a disk that lies about its syncs loses what it said was durable")
    func lies() throws {
        var found: Set<[UInt8]> = []
        for seed in 0..<50 as Range<UInt64> {
            let (disk, file) = try diskWithFile(seed: seed)
            disk.faults.liesAboutSync = true
            try file.write("new")
            try file.sync()
            disk.crash()
            found.insert(try #require(disk.contents(of: "/file")))
        }
        #expect(found == [[], Array("new".utf8)])
    }

    @Test("a full disk takes what fits, and more once there is room")
    func full() throws {
        var configuration = DiskConfiguration()
        configuration.capacity = 2048
        let (disk, file) = try diskWithFile(configuration)
        try file.write([UInt8](repeating: 1, count: 1500), at: 0)
        let error = volumeError { () throws(VolumeError) in try file.write([UInt8](repeating: 2, count: 1000), at: 1500)
        }
        #expect(error == .full)
        #expect(try file.size == 2048)
        // What is there is written over.
        try file.write([UInt8](repeating: 3, count: 2048), at: 0)
        #expect(disk.statistics.refusedAsFull == 1)
        let root = try disk.mount().root
        let other = try root.file("other", [.write, .create])
        #expect(volumeError { () throws(VolumeError) in try other.write("x") } == .full)
        try file.truncate(to: 100)
        try other.write([UInt8](repeating: 4, count: 1536), at: 0)
        #expect(volumeError { () throws(VolumeError) in try other.write("x", at: 1536) } == .full)
        // A removed file takes room until it is closed.
        try root.remove("other")
        #expect(volumeError { () throws(VolumeError) in try file.write("x", at: 600) } == .full)
        disk.capacity = nil
        try file.write("x", at: 600)
    }

    @Test("a removed file's room is free once nobody has it open")
    func roomOfRemoved() throws {
        var configuration = DiskConfiguration()
        configuration.capacity = 512
        let (disk, file) = try diskWithFile(configuration)
        let root = try disk.mount().root
        var other: (any VolumeFile)? = try root.file("other", [.write, .create])
        try other?.write("x")
        try root.remove("other")
        #expect(volumeError { () throws(VolumeError) in try file.write("x") } == .full)
        other = nil
        try file.write("x")
    }

    @Test("a flipped bit stays flipped, by command and by chance")
    func flippedBits() throws {
        let (disk, file) = try diskWithFile()
        try file.write([0, 0, 0], at: 0)
        #expect(!disk.flipBit(of: "/file", at: 1))
        try file.sync()
        #expect(disk.flipBit(of: "/file", at: 1, bit: 3))
        #expect(!disk.flipBit(of: "/file", at: 3))
        #expect(!disk.flipBit(of: "/other", at: 0))
        #expect(try file.read(3) == [0, 8, 0])
        disk.crash()
        disk.faults.flippedBit = 1
        let bytes = try disk.mount().root.file("file", []).read(3)
        #expect(bytes != [0, 8, 0])
        #expect(disk.statistics.flippedBits == 2)
        #expect(disk.contents(of: "/file") == bytes)
    }

    @Test("each operation says how long it takes, and a slow one longer")
    func slow() throws {
        let times = Mutex<[Duration]>([])
        var configuration = DiskConfiguration()
        configuration.latency.write = .microseconds(10)
        configuration.latency.sync = .milliseconds(2)
        let disk = SimulatedDisk(seed: 1, configuration: configuration) { time in times.withLock { $0.append(time) } }
        let file = try disk.mount().root.file("file", [.write, .create])
        try file.write("a")
        try file.sync()
        disk.faults.slow = 1
        disk.faults.slowness = .seconds(1)
        try file.sync()
        #expect(times.withLock { $0 } == [.microseconds(10), .milliseconds(2), .milliseconds(1002)])
        #expect(disk.statistics.slowOperations == 1)
    }

    @Test("the same calls with the same seed leave the same disk, and the fingerprint tells disks apart")
    func determinism() throws {
        func run(_ seed: UInt64) throws -> (UInt64, UInt64, DiskStatistics) {
            let disk = SimulatedDisk(seed: seed)
            disk.faults.syncError = 0.1
            disk.faults.writeError = 0.1
            let root = try disk.mount().root
            for number in 0..<100 {
                let file = try root.file("file \(number % 7)", [.write, .create])
                try? file.write([UInt8](repeating: UInt8(number), count: 3000), at: number * 13 % 1000)
                if number % 3 == 0 { try? file.sync() }
                if number % 5 == 0 { try? root.sync() }
            }
            disk.crash()
            return (disk.fingerprint, disk.history, disk.statistics)
        }
        var fingerprints: Set<UInt64> = []
        var histories: Set<UInt64> = []
        for seed in 0..<20 as Range<UInt64> {
            let (first, second) = (try run(seed), try run(seed))
            #expect(first == second)
            fingerprints.insert(first.0)
            histories.insert(first.1)
        }
        #expect(fingerprints.count == 20)
        // Few operations fail under a seed: two may have failed in the same places.
        #expect(histories.count >= 15)
    }

    @Test("the fingerprint is of what is durable alone")
    func fingerprint() throws {
        let (disk, file) = try diskWithFile()
        let empty = disk.fingerprint
        try file.write("bytes")
        #expect(disk.fingerprint == empty)
        try file.sync()
        #expect(disk.fingerprint != empty)
    }
}
