/// Takes sequences of operations through both handlers.
struct DifferentialReplay<Operation: DifferentialOperation>: Sendable {
    /// The method of ``DifferentialTest`` that replays.
    let call: String

    private let patience: Duration
    private let makeSides: @Sendable () async throws -> DifferentialSides<Operation>

    init(
        call: String,
        patience: Duration,
        makeSides: @escaping @Sendable () async throws -> DifferentialSides<Operation>
    ) {
        self.call = call
        self.patience = patience
        self.makeSides = makeSides
    }

    /// Where the handlers first answered differently.
    struct Difference: Sendable {
        var index: Int
        var reference: DifferentialAnswer
        var subject: DifferentialAnswer
    }

    /// The first difference on fresh data, or `nil`; the summary takes in the reference's answers.
    func difference(
        _ operations: [Operation],
        summary: inout DifferentialSummary
    ) async throws -> Difference? {
        let sides = try await makeSides()
        for (index, operation) in operations.enumerated() {
            let reference = await answer(of: sides.reference, to: operation)
            let subject = await answer(of: sides.subject, to: operation)
            summary.add(operation.name, reference)
            if reference != subject || reference.isMissing {
                await sides.finish()
                return Difference(index: index, reference: reference, subject: subject)
            }
        }
        await sides.finish()
        return nil
    }

    private func answer(
        of side: any DifferentialSide<Operation>,
        to operation: Operation
    ) async -> DifferentialAnswer {
        do {
            return try await within(patience, "the operation") { await side.answer(operation) }
        } catch {
            return .missing(error)
        }
    }

    /// Fails where there is a difference.
    func compare(_ operations: [Operation]) async throws {
        var summary = DifferentialSummary()
        guard let difference = try await difference(operations, summary: &summary) else { return }
        throw failure(operations, difference, origin: "The operations were given.")
    }

    /// Compares over random sequences, and shrinks the first one that makes a difference.
    func search(
        sequences: Int,
        seed: UInt64,
        generate: (UInt64) -> [Operation]
    ) async throws -> DifferentialSummary {
        var summary = DifferentialSummary()
        for number in 0..<sequences {
            try Task.checkCancellation()
            let seed = seed &+ UInt64(number)
            let operations = generate(seed)
            summary.sequenceCount += 1
            guard let difference = try await difference(operations, summary: &summary) else { continue }
            // A cancelled test says nothing of the handlers.
            try Task.checkCancellation()
            var shrinking = SequenceShrinking(replay: self, operations, difference)
            try await shrinking.run()
            throw failure(
                shrinking.operations,
                shrinking.difference,
                origin: """
                    Sequence \(number + 1) of \(sequences), shrunk from \(difference.index + 1) operations in \
                    \(shrinking.replayCount) replays. The whole of it: 'sequences: 1, seed: \(seed)'.
                    """
            )
        }
        return summary
    }

    private func failure(
        _ operations: [Operation],
        _ difference: Difference,
        origin: String
    ) -> DifferentialFailure<Operation> {
        DifferentialFailure(
            operations: operations,
            index: difference.index,
            reference: difference.reference.text,
            subject: difference.subject.text,
            origin: origin,
            source: swiftSource(of: operations, call: call)
        )
    }
}
