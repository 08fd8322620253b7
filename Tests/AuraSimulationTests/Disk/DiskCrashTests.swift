internal import AuraRuntime
internal import AuraSimulation
internal import Testing

@Suite("What a simulated disk keeps over a crash")
struct DiskCrashTests {
    private static let seeds: Range<UInt64> = 0..<200

    /// What becomes of one file of two sectors, over many seeds.
    private func outcomes(
        tearing: Bool = false,
        _ change: (any VolumeFile, any VolumeFolder) throws -> Void
    ) throws -> Set<String?> {
        var outcomes: Set<String?> = []
        for seed in Self.seeds {
            var configuration = DiskConfiguration()
            configuration.sectorSize = 4
            configuration.tearsSectors = tearing
            let disk = SimulatedDisk(seed: seed, configuration: configuration)
            let root = try disk.mount().root
            let file = try root.file("file", [.write, .create])
            try file.write("aaaabbbb")
            try file.sync()
            try root.sync()
            try change(file, root)
            disk.crash()
            outcomes.insert(disk.contents(of: "/file").map { String(decoding: $0, as: UTF8.self) })
        }
        return outcomes
    }

    @Test("what was synced is there")
    func synced() throws {
        let found = try outcomes { file, _ in
            try file.write("AAAABBBB")
            try file.syncData()
        }
        #expect(found == ["AAAABBBB"])
    }

    @Test("of an unsynced write each sector survives or not, whatever becomes of the other")
    func torn() throws {
        let found = try outcomes { file, _ in try file.write("AAAABBBB") }
        #expect(found == ["aaaabbbb", "AAAAbbbb", "aaaaBBBB", "AAAABBBB"])
    }

    @Test("a sector has one of the states that it went through, never a mixture")
    func states() throws {
        let found = try outcomes { file, _ in
            try file.write("1", at: 1)
            try file.write("2", at: 2)
        }
        #expect(found == ["aaaabbbb", "a1aabbbb", "a12abbbb"])
    }

    @Test("a disk that tears sectors leaves the beginning of what was under way")
    func tornSector() throws {
        let found = try outcomes(tearing: true) { file, _ in try file.write("AAAA") }
        #expect(found == ["aaaabbbb", "Aaaabbbb", "AAaabbbb", "AAAabbbb", "AAAAbbbb"])
    }

    @Test("a file that was made longer has its old size, its new one, or zeros in between")
    func longer() throws {
        let found = try outcomes { file, _ in try file.write("CCCCDDDD", at: 8) }
        #expect(found == ["aaaabbbb", "aaaabbbbCCCC", "aaaabbbb\0\0\0\0DDDD", "aaaabbbbCCCCDDDD"])
    }

    @Test("what was written into the room of a truncation survives only with it")
    func truncated() throws {
        let found = try outcomes { file, _ in
            try file.truncate(to: 4)
            try file.write("CC", at: 4)
        }
        #expect(found == ["aaaabbbb", "aaaa", "aaaaCC"])
    }

    @Test("changes of names are undone from the last one on, and a rename is atomic")
    func names() throws {
        let found = try outcomes { _, root in
            let other = try root.file("other", [.write, .create])
            try other.write("other")
            try other.sync()
            try root.rename("other", to: "file")
            try root.remove("file")
        }
        #expect(found == ["aaaabbbb", "other", nil])
    }

    @Test("a synced file whose name was not synced may be gone")
    func unsyncedName() throws {
        var isThere: Set<Bool> = []
        for seed in Self.seeds {
            let disk = SimulatedDisk(seed: seed)
            let root = try disk.mount().root
            let file = try root.file("file", [.write, .create])
            try file.write("bytes")
            try file.sync()
            disk.crash()
            let contents = disk.contents(of: "/file")
            isThere.insert(contents != nil)
            if let contents { #expect(contents == Array("bytes".utf8)) }
        }
        #expect(isThere == [true, false])
    }

    @Test("folders that a volume makes by their path are durable, those in a folder with its sync")
    func folders() throws {
        var isThere: Set<Bool> = []
        for seed in Self.seeds {
            let disk = SimulatedDisk(seed: seed)
            _ = try disk.mount().folder(at: "/a/b", creating: true).folder("c", creating: true)
            disk.crash()
            let folder = try disk.mount().folder(at: "/a/b", creating: false)
            isThere.insert(try folder.names == ["c"])
        }
        #expect(isThere == [true, false])
    }

    @Test("a removed file comes back with its bytes where its removal is undone")
    func removal() throws {
        let found = try outcomes { _, root in try root.remove("file") }
        #expect(found == ["aaaabbbb", nil])
    }

    @Test("what was open, locked or mounted before a crash fails after it, and touches nothing")
    func formerRun() throws {
        for endsByPowerFailure in [true, false] {
            let disk = SimulatedDisk(seed: 1)
            let volume = disk.mount()
            let root = try volume.root
            let file = try root.file("file", [.write, .create])
            try file.write("kept")
            try file.sync()
            try root.sync()
            #expect(try file.tryLock())
            if endsByPowerFailure { disk.crash() } else { disk.endProcesses() }
            #expect(volumeError { () throws(VolumeError) in try file.write("lost") } == .deviceFailed)
            #expect(volumeError { () throws(VolumeError) in try file.sync() } == .deviceFailed)
            #expect(volumeError { () throws(VolumeError) in try root.remove("file") } == .deviceFailed)
            #expect(volumeError { () throws(VolumeError) in _ = try volume.root } == .deviceFailed)
            let again = try disk.mount().root.file("file", [.write])
            #expect(try again.tryLock())
            file.unlock()
            let third = try disk.mount().root.file("file", [.write])
            #expect(try !third.tryLock())
            #expect(try again.read(10) == Array("kept".utf8))
        }
    }

    @Test("the end of the processes alone loses nothing, and a power failure after it still may")
    func processes() throws {
        var outcomes: Set<String?> = []
        for seed in Self.seeds {
            let disk = SimulatedDisk(seed: seed)
            let root = try disk.mount().root
            let file = try root.file("file", [.write, .create])
            try root.sync()
            try file.write("bytes")
            disk.endProcesses()
            #expect(disk.contents(of: "/file") == Array("bytes".utf8))
            disk.crash()
            outcomes.insert(disk.contents(of: "/file").map { String(decoding: $0, as: UTF8.self) })
        }
        #expect(outcomes == ["", "bytes"])
    }

    @Test("the power fails during the operation that is named")
    func atOperation() throws {
        let disk = SimulatedDisk(seed: 1)
        let root = try disk.mount().root
        let file = try root.file("file", [.write, .create])
        try root.sync()
        disk.crash(atOperation: 3)
        try file.write("a")
        try file.sync()
        #expect(volumeError { () throws(VolumeError) in try file.write("b", at: 600) } == .deviceFailed)
        #expect(disk.statistics.crashes == 1)
        #expect(disk.contents(of: "/file")?.first == UInt8(ascii: "a"))
        #expect(try disk.mount().root.names == ["file"])
    }
}
