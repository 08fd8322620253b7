internal import AuraConformance
internal import AuraEffects
internal import AuraMemory
internal import AuraSystem
internal import Testing

/// How a handler comes to its data.
enum Opening: Sendable {
    case new
    case reopened
    case afterCrash
    /// Beside another handler.
    case second
    case damaged(JournalEntryPart)
}

/// Makes journals that are broken in one way, and can do to them all that a law may need.
struct BrokenJournalHarness: JournalDamagingHarness, ReopeningHarness, CrashingHarness, SharingHarness,
    StallingHarness, ClockSteppingHarness
{
    typealias Handler = any JournalEffects
    typealias Sabotage = @Sendable (inout BrokenJournal, Opening) -> Void

    /// Everything that a journal can declare, with limits that are soon reached.
    static let everything = Capabilities(
        [.durable, .multiProcess, .snapshots, .compaction, .replication],
        limits: [
            .streamNameBytes: 512, .payloadBytes: 4096, .appendEntries: 110, .pageElements: 120, .snapshotBytes: 4096,
        ]
    )

    let capabilities: Capabilities
    let sabotage: Sabotage
    /// The origin of every journal, where they are not to have different ones.
    let origin: OriginID?
    private let time = ManualTimeHandler()

    init(
        declaring capabilities: Capabilities = everything,
        origin: OriginID? = nil,
        _ sabotage: @escaping Sabotage = { _, _ in }
    ) {
        self.capabilities = capabilities
        self.origin = origin
        self.sabotage = sabotage
    }

    func make() async throws -> any JournalEffects {
        let origin = origin ?? OriginID(random: SystemRandomHandler())
        return open(JournalDisk(origin, time: time), .new)
    }

    func reopen(_ handler: any JournalEffects) async throws -> any JournalEffects {
        open(try sound(handler).disk, .reopened)
    }

    func crash(_ handler: any JournalEffects) async throws -> any JournalEffects {
        let sound = try sound(handler)
        await sound.crash()
        return open(sound.disk, .afterCrash)
    }

    func second(_ handler: any JournalEffects) async throws -> any JournalEffects {
        open(try sound(handler).disk, .second)
    }

    func damage(
        _ journal: any JournalEffects,
        _ part: JournalEntryPart,
        of entry: JournalEntry
    ) async throws -> any JournalEffects {
        open(try sound(journal).disk, .damaged(part), damaged: entry.position)
    }

    func stalling(_ handler: any JournalEffects, while body: @Sendable () async throws -> Void) async throws {
        let record = try sound(handler).disk.record
        record.withLock { $0.isStalled = true }
        defer { record.withLock { $0.isStalled = false } }
        try await body()
    }

    func stepWallClock(by duration: Duration) async throws {
        time.jumpWallClock(by: duration)
    }

    func finish() async {}

    private func open(_ disk: JournalDisk, _ opening: Opening, damaged: Position? = nil) -> BrokenJournal {
        var journal = BrokenJournal(SoundJournal(disk, capabilities, damaged: damaged))
        sabotage(&journal, opening)
        return journal
    }

    private func sound(_ handler: any JournalEffects) throws -> SoundJournal {
        try #require(handler as? BrokenJournal).sound
    }
}

/// A way to break a journal, and the law that must find it.
typealias JournalDefect = Defect<any JournalEffects>

extension Defect where Handler == any JournalEffects {
    /// A journal that declares everything and is broken when it is made and whenever it is opened again.
    init(
        _ description: String,
        breaks law: String,
        hangs: Bool = false,
        declaring capabilities: Capabilities = BrokenJournalHarness.everything,
        _ sabotage: @escaping BrokenJournalHarness.Sabotage
    ) {
        self.init(description: description, law: law, hangs: hangs) {
            BrokenJournalHarness(declaring: capabilities, sabotage)
        }
    }

    /// For each law of the journal one that it alone finds, in the order of the laws.
    static var all: [JournalDefect] {
        basics + expectations + ids + reading + order + subscriptions + timestamps + chain + refusals + cancellation
            + durability + sharing + snapshots + compaction + replication + merging + undeclared
    }
}
