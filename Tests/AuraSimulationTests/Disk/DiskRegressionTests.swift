internal import AuraEffects
internal import AuraFileSystem
internal import AuraRuntime
internal import AuraSQLite
internal import AuraSimulation
internal import Testing

@Suite("What simulated disks have found")
struct DiskRegressionTests {
    @Test("a storage on files opens after a power failure at any moment of its making")
    func cutShortMaking() async throws {
        for seed in 0..<10 as Range<UInt64> {
            for operation in 1...30 {
                let machine = DiskMachine(seed: seed &* 100 &+ UInt64(operation))
                machine.disk.crash(atOperation: operation)
                if let storage = try? await machine.context().fileStorage() { await storage.close() }
                machine.disk.crash()
                let storage = try await machine.context().fileStorage()
                let revision = try await storage.write([1], to: "key")
                await storage.close()
                machine.disk.crash()
                let reopened = try await machine.context().fileStorage()
                #expect(try await reopened.read("key") == StoredValue(bytes: [1], revision: revision))
                await reopened.close()
            }
        }
    }

    @Test(
        "storage that is not durable issues no revision again after a power failure, however it is opened",
        arguments: [DiskStorageHarness.Technology.sqlite, .files]
    )
    func revisions(_ technology: DiskStorageHarness.Technology) async throws {
        for seed in 0..<20 as Range<UInt64> {
            let machine = DiskMachine(seed: seed)
            var revisions: Set<StorageRevision> = []
            for (round, isDurable) in [false, false, true, true].enumerated() {
                let context = machine.context()
                let storage: any StorageEffects
                if technology == .sqlite {
                    storage = try await context.sqliteStorage { $0.synchronous = isDurable ? .full : .normal }
                } else {
                    storage = try await context.fileStorage { $0.synchronous = isDurable ? .full : .normal }
                }
                for number in 0..<5 {
                    let revision = try await storage.write([UInt8(number)], to: "key")
                    #expect(revisions.insert(revision).inserted, "seed \(seed), round \(round): \(revision)")
                }
                machine.disk.crash()
                if let storage = storage as? SQLiteStorageHandler { await storage.close() }
                if let storage = storage as? FileSystemStorageHandler { await storage.close() }
            }
        }
    }

    @Test("the folders that a handler makes for its files are still there after a power failure")
    func folders() async throws {
        for seed in 0..<20 as Range<UInt64> {
            let machine = DiskMachine(seed: seed)
            var context = machine.context()
            var configuration = SQLiteConfiguration(path: "/var/lib/app/storage.db", budget: context.budget)
            configuration.readerCount = 1
            let files = FileSystemConfiguration(path: "/srv/app/storage", budget: context.budget)
            let first = try await SQLiteStorageHandler.open(configuration, context)
            let second = try await FileSystemStorageHandler.open(files, context)
            let values = [
                StoredValue(bytes: [1], revision: try await first.write([1], to: "key")),
                StoredValue(bytes: [2], revision: try await second.write([2], to: "key")),
            ]
            machine.disk.crash()
            await first.close()
            await second.close()
            context = machine.context()
            let reopened = try await SQLiteStorageHandler.open(configuration, context)
            #expect(try await reopened.read("key") == values[0])
            await reopened.close()
            let reopenedFiles = try await FileSystemStorageHandler.open(files, context)
            #expect(try await reopenedFiles.read("key") == values[1])
            await reopenedFiles.close()
        }
    }

    @Test("a copy of a journal is made and restored on the same disk")
    func backup() async throws {
        let machine = DiskMachine(seed: 1)
        let context = machine.context()
        let journal = try await context.journal()
        let draft = JournalEntry.Draft(id: EntryID(rawValue: 7), kind: "test.appended/1", payload: [1])
        try await journal.append([draft], to: "stream")
        try await journal.backup(to: "/data/copy.db")
        machine.disk.crash()
        await journal.close()
        let copy = try await SQLiteJournalHandler.open(
            SQLiteConfiguration(path: "/data/copy.db", budget: context.budget),
            machine.context()
        )
        #expect(try await copy.read("stream", limit: 10).map(\.id) == [draft.id])
        #expect(try await copy.verify().isClean)
        await copy.close()
    }
}
