internal import AuraEffects

/// What random operations may ask of both handlers.
struct OperationScope: Sendable {
    private let reference: Capabilities
    private let subject: Capabilities

    /// Whether sequences reopen the subject.
    let reopens: Bool

    /// Whether sequences crash the subject.
    let crashes: Bool

    init<Handler>(
        reference makeReference: DifferentialTest.HarnessMaker<Handler>,
        subject makeSubject: DifferentialTest.HarnessMaker<Handler>,
        crashing: Bool?
    ) async throws {
        let reference = try await makeReference()
        self.reference = reference.capabilities
        await reference.finish()
        let subject = try await makeSubject()
        self.subject = subject.capabilities
        reopens = HarnessAbility.reopen.isOffered(by: subject)
        crashes = HarnessAbility.crash.isOffered(by: subject) && (crashing ?? self.subject.contains(.durable))
        await subject.finish()
    }

    /// Whether both handlers declare `capability`; what one of them refuses tells nothing of the other.
    func contains(_ capability: Capability) -> Bool {
        reference.contains(capability) && subject.contains(capability)
    }

    /// The most that both handlers take.
    func most(_ limit: Limit) -> Int {
        min(reference.limit(limit), subject.limit(limit))
    }

    /// The least that both handlers refuse; `nil` where it is too much for a test.
    func excess(_ limit: Limit) -> Int? {
        let most = max(reference.limit(limit), subject.limit(limit))
        return most <= 4096 ? most + 1 : nil
    }
}
