public import AuraEffects

/// Compares a handler with a reference, operation by operation, over random sequences.
///
/// The same operations go to both handlers; every answer must be the same. What may differ between handlers is compared
/// by correspondence: revisions of values, positions, origins, hashes and timestamps are numbered in the order in which
/// each handler first shows them, and the numbers must agree. Errors are compared by code and outcome.
///
/// Where the subject's harness can, sequences hold steps that reopen the subject, and steps that crash it if it declares
/// ``/AuraEffects/Capability/durable``; the reference stays as it is. The memory handlers are the reference for others.
/// With Swift Testing:
///
/// ```swift
/// @Test("my storage answers as the memory storage does")
/// func difference() async throws {
///     try await DifferentialTest.storage(reference: { MemoryStorageHarness() }, subject: { MyStorageHarness() })
/// }
/// ```
///
/// A difference is shrunk: to few operations, with simple operands, that still make one. ``DifferentialFailure`` has them
/// as values and as Swift code, to replay in a test.
public enum DifferentialTest {
    /// Makes a harness; each sequence takes a new one.
    public typealias HarnessMaker<Handler: Sendable> =
        @Sendable () async throws -> any ConformanceHarness<Handler>

    /// Compares two storages over random sequences.
    ///
    /// - Parameters:
    ///   - reference: Makes harnesses of the storage that is right.
    ///   - subject: Makes harnesses of the storage that is compared with it.
    ///   - sequences: How many sequences, each on fresh data.
    ///   - seed: The seed of the first sequence; each later one's is higher by 1.
    ///   - crashing: Whether sequences crash the subject where its harness can; by default if it declares `durable`. A
    ///     storage that is not durable but loses nothing when its process alone crashes can be held to that.
    ///   - patience: How long one operation may take, in real time.
    /// - Returns: What was compared.
    /// - Throws: ``DifferentialFailure`` for the first sequence with a difference; a harness's error.
    @discardableResult
    public static func storage(
        reference: @escaping HarnessMaker<any StorageEffects>,
        subject: @escaping HarnessMaker<any StorageEffects>,
        sequences: Int = 200,
        seed: UInt64 = 1,
        crashing: Bool? = nil,
        patience: Duration = .seconds(30)
    ) async throws -> DifferentialSummary {
        let scope = try await OperationScope(reference: reference, subject: subject, crashing: crashing)
        let generator = StorageOperationGenerator(scope)
        return try await storageReplay(reference, subject, patience)
            .search(sequences: sequences, seed: seed) { generator.sequence(seed: $0) }
    }

    /// Compares two storages over given operations.
    ///
    /// - Parameters:
    ///   - operations: The operations, such as those that a ``DifferentialFailure`` printed.
    ///   - reference: Makes the harness of the storage that is right.
    ///   - subject: Makes the harness of the storage that is compared with it.
    ///   - patience: How long one operation may take, in real time.
    /// - Throws: ``DifferentialFailure`` where there is a difference, not shrunk any further; a harness's error.
    public static func storage(
        replaying operations: [StorageOperation],
        reference: @escaping HarnessMaker<any StorageEffects>,
        subject: @escaping HarnessMaker<any StorageEffects>,
        patience: Duration = .seconds(30)
    ) async throws {
        try await storageReplay(reference, subject, patience).compare(operations)
    }

    /// Compares two journals over random sequences.
    ///
    /// Where both declare replication, sequences exchange entries with two more journals, which the reference's harness
    /// makes for either side.
    ///
    /// - Parameters:
    ///   - reference: Makes harnesses of the journal that is right.
    ///   - subject: Makes harnesses of the journal that is compared with it.
    ///   - sequences: How many sequences, each on fresh data.
    ///   - seed: The seed of the first sequence; each later one's is higher by 1.
    ///   - crashing: Whether sequences crash the subject where its harness can; by default if it declares `durable`. A
    ///     journal that is not durable but loses nothing when its process alone crashes can be held to that.
    ///   - patience: How long one operation may take, in real time.
    /// - Returns: What was compared.
    /// - Throws: ``DifferentialFailure`` for the first sequence with a difference; a harness's error.
    @discardableResult
    public static func journal(
        reference: @escaping HarnessMaker<any JournalEffects>,
        subject: @escaping HarnessMaker<any JournalEffects>,
        sequences: Int = 200,
        seed: UInt64 = 1,
        crashing: Bool? = nil,
        patience: Duration = .seconds(30)
    ) async throws -> DifferentialSummary {
        let scope = try await OperationScope(reference: reference, subject: subject, crashing: crashing)
        let generator = JournalOperationGenerator(scope)
        return try await journalReplay(reference, subject, patience)
            .search(sequences: sequences, seed: seed) { generator.sequence(seed: $0) }
    }

    /// Compares two journals over given operations.
    ///
    /// - Parameters:
    ///   - operations: The operations, such as those that a ``DifferentialFailure`` printed.
    ///   - reference: Makes the harnesses of the journal that is right.
    ///   - subject: Makes the harness of the journal that is compared with it.
    ///   - patience: How long one operation may take, in real time.
    /// - Throws: ``DifferentialFailure`` where there is a difference, not shrunk any further; a harness's error.
    public static func journal(
        replaying operations: [JournalOperation],
        reference: @escaping HarnessMaker<any JournalEffects>,
        subject: @escaping HarnessMaker<any JournalEffects>,
        patience: Duration = .seconds(30)
    ) async throws {
        try await journalReplay(reference, subject, patience).compare(operations)
    }

    private static func storageReplay(
        _ reference: @escaping HarnessMaker<any StorageEffects>,
        _ subject: @escaping HarnessMaker<any StorageEffects>,
        _ patience: Duration
    ) -> DifferentialReplay<StorageOperation> {
        DifferentialReplay(call: "storage", patience: patience) {
            let reference = try await reference()
            let subject = try await subject()
            return DifferentialSides(
                reference: StorageSide(reference, isSubject: false),
                subject: StorageSide(subject, isSubject: true)
            ) {
                await subject.finish()
                await reference.finish()
            }
        }
    }

    private static func journalReplay(
        _ reference: @escaping HarnessMaker<any JournalEffects>,
        _ subject: @escaping HarnessMaker<any JournalEffects>,
        _ patience: Duration
    ) -> DifferentialReplay<JournalOperation> {
        DifferentialReplay(call: "journal", patience: patience) {
            let reference = try await reference()
            let subject = try await subject()
            // One that seals exchanges entries with its like alone.
            let seals = subject is any SealingJournalHarness
            return DifferentialSides(
                reference: JournalSide(reference, peers: reference, isSubject: false, seals: seals),
                subject: JournalSide(subject, peers: seals ? subject : reference, isSubject: true, seals: seals)
            ) {
                await subject.finish()
                await reference.finish()
            }
        }
    }
}
