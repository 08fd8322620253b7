/// A property that every handler of an effect family must have: one named case of the conformance suite.
///
/// The suite is a library that knows no test framework: a law throws ``LawViolation``. To run it on a handler of your
/// own, write a harness that makes the handler, and let your test framework have a case per law. With Swift Testing:
///
/// ```swift
/// struct MyJournalHarness: JournalHarness, ReopeningHarness {
///     let capabilities = MyJournalHandler.capabilities
///     func make() async throws -> any JournalEffects { … }
///     func reopen(_ handler: any JournalEffects) async throws -> any JournalEffects { … }
///     func finish() async { … }
/// }
///
/// @Test("the laws of the journal", arguments: JournalLaw.applicable(to: MyJournalHarness()))
/// func law(_ law: JournalLaw) async throws {
///     try await law.check(MyJournalHarness())
/// }
/// ```
///
/// Some laws need more than a fresh handler: what the handler declares (``LawRequirement/capability(_:)``), or what the
/// harness can do to it (``LawRequirement/ability(_:)``), such as to crash it. A harness offers an ability by
/// conforming to its protocol: ``ReopeningHarness``, ``CrashingHarness``, ``SharingHarness``, ``StallingHarness``,
/// ``StorageDamagingHarness``, ``JournalDamagingHarness``, ``ClockSteppingHarness``, ``TimePassingHarness``,
/// ``PresigningHarness``, ``PushReceivingHarness``, ``ReseedingHarness``, ``DisconnectingHarness``, ``StoppingHarness``. A law that does not apply never passes: ``check(_:patience:)`` throws,
/// and ``applies(to:)`` says so beforehand. What a handler does not declare has laws too: it must be refused as
/// `unsupported`.
///
/// A law that fails says what was expected and where in the suite it looked. Laws wait for a bounded time: a handler
/// that hangs fails.
public struct Law<Handler: Sendable>: Sendable {
    typealias Body = @Sendable (any ConformanceHarness<Handler>) async throws -> Void

    /// What the law says, unique within its family.
    public let name: String

    /// What must be there for the law to apply; empty for a law of the base contract.
    public let requirements: [LawRequirement]

    private let body: Body

    init(_ name: String, _ requirements: LawRequirement..., body: @escaping Body) {
        self.name = name
        self.requirements = requirements
        self.body = body
    }

    /// Whether the handler that the harness makes declares what the law is about and the harness can do what it needs.
    public func applies(to harness: any ConformanceHarness<Handler>) -> Bool {
        unmetRequirements(of: harness).isEmpty
    }

    /// Checks the law on fresh handlers, then finishes the harness.
    ///
    /// - Parameters:
    ///   - harness: Makes the handlers; take a new one for each check.
    ///   - patience: How long the check may take, in real time.
    /// - Throws: ``LawViolation`` where the law does not hold, also where it does not apply.
    public func check(
        _ harness: any ConformanceHarness<Handler>,
        patience: Duration = .seconds(120)
    ) async throws {
        let result: Result<Void, any Error>
        do {
            let unmet = unmetRequirements(of: harness)
            try expect(unmet.isEmpty, "the law does not apply: it needs \(unmet)")
            try await within(patience, "the law") { [body] in try await body(harness) }
            result = .success(())
        } catch {
            result = .failure(LawViolation(law: name, error))
        }
        await harness.finish()
        try result.get()
    }

    /// What the law needs that the handler does not declare or the harness cannot do.
    ///
    /// - Parameter harness: Makes the handlers.
    /// - Returns: The requirements that are not met; empty where the law applies.
    public func unmetRequirements(of harness: any ConformanceHarness<Handler>) -> [LawRequirement] {
        requirements.filter { !$0.isMet(by: harness) }
    }
}

extension Law: CustomStringConvertible {
    /// The law's name.
    public var description: String { name }
}

extension Collection {
    /// Every `step`-th law: enough for the further variants of a handler whose first one is held to all of them.
    ///
    /// ```swift
    /// @Test("with checksums alone", arguments: ObjectLaw.applicable(to: MyHarness()).sampled(every: 4))
    /// ```
    ///
    /// - Parameter step: How many laws one is taken from, from 1.
    /// - Returns: The first law, and each `step`-th one after it; the same ones in each run.
    public func sampled<Handler>(every step: Int) -> [Law<Handler>] where Element == Law<Handler> {
        enumerated().filter { $0.offset.isMultiple(of: step) }.map(\.element)
    }
}
