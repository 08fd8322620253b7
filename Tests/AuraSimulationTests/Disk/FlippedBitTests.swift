internal import AuraEffects
internal import AuraFileSystem
internal import AuraRuntime
internal import AuraSQLite
internal import AuraSimulation
internal import Testing

@Suite("Bits that flip on a simulated disk")
struct FlippedBitTests {
    private static let seeds = diskSeeds(50, soak: 5000)

    /// Flips a bit somewhere in one of the files of a machine that was stopped.
    private func flipBit(on disk: SimulatedDisk, _ random: inout TestGenerator) -> String {
        let paths = disk.paths.filter { disk.contents(of: $0)?.isEmpty == false }
        while true {
            let path = paths[random.below(paths.count)]
            let place = random.below(disk.contents(of: path)?.count ?? 1)
            let bit = random.below(8)
            // What was not synced cannot be flipped.
            if disk.flipBit(of: path, at: place, bit: bit) { return "bit \(bit) of byte \(place) of \(path)" }
        }
    }

    @Test("a value on files is read as it was written, or not at all", arguments: seeds)
    func files(seed: UInt64) async throws {
        var random = TestGenerator(seed: seed)
        let machine = DiskMachine(seed: seed)
        let storage = try await machine.context().fileStorage()
        var values: [StorageKey: StoredValue] = [:]
        for number in 0..<20 {
            let key = StorageKey("key \(number)")
            let bytes = random.bytes(random.below(2000), "\(number)")
            values[key] = StoredValue(bytes: bytes, revision: try await storage.write(bytes, to: key))
        }
        await storage.close()
        let flip = flipBit(on: machine.disk, &random)
        do {
            let storage = try await machine.context().fileStorage()
            for (key, value) in values.sorted(by: { $0.key < $1.key }) {
                do {
                    let read = try await storage.read(key)
                    #expect(read == value, "\(flip): '\(key)'")
                } catch {
                    #expect(error.code == .corrupted, "\(flip): \(error)")
                }
            }
            await storage.close()
        } catch {
            #expect(error.code == .corrupted || error.code == .unsupported, "\(flip): \(error)")
        }
    }

    @Test("an entry of a journal is read as it was appended, or verification says what is damaged", arguments: seeds)
    func journal(seed: UInt64) async throws {
        var random = TestGenerator(seed: seed)
        let machine = DiskMachine(seed: seed)
        let journal = try await machine.context().journal()
        for number in 0..<20 {
            let draft = JournalEntry.Draft(
                id: EntryID(rawValue: UInt128(number)),
                kind: "test.appended/1",
                payload: random.bytes(random.below(2000), "\(number)")
            )
            try await journal.append([draft], to: StreamName("stream \(number % 3)"))
        }
        let entries = try await journal.readAll(after: .start, limit: 100)
        await journal.close()
        let flip = flipBit(on: machine.disk, &random)
        do {
            let journal = try await machine.context().journal()
            let found = await Result { () async throws(EffectError) in
                (try await journal.verify().isClean, try await journal.readAll(after: .start, limit: 100))
            }
            await journal.close()
            let (isClean, read) = try found.get()
            #expect(!isClean || read == entries, "\(flip)")
        } catch {
            #expect(error.code == .corrupted || error.code == .unsupported, "\(flip): \(error)")
        }
    }
}

extension Result {
    fileprivate init(_ body: () async throws(Failure) -> Success) async {
        do throws(Failure) {
            self = .success(try await body())
        } catch {
            self = .failure(error)
        }
    }
}
