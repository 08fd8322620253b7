internal import AuraConformance
internal import Foundation
internal import Testing

/// A deliberately broken handler, and the one law that must find it.
struct Defect<Handler: Sendable>: Sendable, CustomStringConvertible {
    /// What is wrong with the handler.
    let description: String
    /// The name of the law that it breaks.
    let law: String
    /// Whether the broken handler hangs, so that its law ends by running out of patience.
    var hangs = false
    /// Makes the broken handlers; each check takes a new one.
    let harness: @Sendable () -> any ConformanceHarness<Handler>
}

/// Checks the laws of a family by handlers that are broken on purpose: each law finds a defect that no other law finds.
struct MutationCheck<Handler: Sendable>: Sendable {
    let laws: [Law<Handler>]
    let defects: [Defect<Handler>]
    /// How many of the other laws a short run checks a defect against; a long run, which `AURA_SOAK` in the environment
    /// asks for, takes them all.
    var sample = Int.max
    /// How many laws are checked at once.
    var width = 4

    /// Expects that no law is without a defect and that no defect names a law that there is not.
    func expectEveryLawHasADefect() {
        let names = Set(laws.map(\.name))
        let broken = Set(defects.map(\.law))
        #expect(names.subtracting(broken).sorted() == [], "No broken handler shows that these laws find anything.")
        #expect(broken.subtracting(names).sorted() == [], "There are no such laws.")
        #expect(Set(defects.map(\.description)).count == defects.count, "Two defects have the same description.")
    }

    /// Expects that the defect's law does not hold, by an expectation of its own, and that every other law does.
    func expectOnlyItsLaw(finds defect: Defect<Handler>) async throws {
        let law = try #require(laws.first { $0.name == defect.law })
        let unmet = law.unmetRequirements(of: defect.harness())
        try #require(unmet.isEmpty, "The law '\(law)' does not apply: it needs \(unmet).")
        let patience: Duration = defect.hangs ? .seconds(2) : .seconds(240)
        var violation: LawViolation?
        // A defect that shows under contention alone may stay hidden once.
        for _ in 0..<5 where violation == nil {
            violation = await self.violation(of: law, by: defect, patience: patience)
        }
        let found = try #require(violation, "The law '\(law)' does not find that \(defect).")
        let hasHung = found.message.contains("did not come to an end")
        #expect(hasHung == defect.hangs, "\(defect): \(found)")
        #expect(!found.fileID.isEmpty, "The law ends by an error and not by an expectation of its own: \(found)")
        for found in await violations(of: others(than: law, for: defect), by: defect) {
            Issue.record("'\(defect)' shall break the law '\(law)' alone, but also: \(found)")
        }
    }

    /// The other laws that apply to the broken handler, or a sample of them that is the same in each run.
    private func others(than law: Law<Handler>, for defect: Defect<Handler>) -> ArraySlice<Law<Handler>> {
        let harness = defect.harness()
        let others = laws.filter { $0.name != law.name && $0.applies(to: harness) }
        let isLong = ProcessInfo.processInfo.environment["AURA_SOAK"] != nil
        guard !isLong, sample < others.count else { return others[...] }
        // Each defect takes the next ones, so that a run has checked all laws many times.
        let number = defects.firstIndex { $0.description == defect.description } ?? 0
        let first = number * sample % others.count
        return (others + others)[first..<first + sample]
    }

    private func violations(
        of laws: ArraySlice<Law<Handler>>,
        by defect: Defect<Handler>
    ) async -> [LawViolation] {
        await withTaskGroup(of: LawViolation?.self) { group in
            var waiting = laws
            var violations: [LawViolation] = []
            for law in waiting.prefix(width) {
                group.addTask { await violation(of: law, by: defect, patience: .seconds(240)) }
            }
            waiting = waiting.dropFirst(width)
            for await violation in group {
                if let violation { violations.append(violation) }
                guard let law = waiting.popFirst() else { continue }
                group.addTask { await self.violation(of: law, by: defect, patience: .seconds(240)) }
            }
            return violations
        }
    }

    private func violation(
        of law: Law<Handler>,
        by defect: Defect<Handler>,
        patience: Duration
    ) async -> LawViolation? {
        do {
            try await law.check(defect.harness(), patience: patience)
            return nil
        } catch let violation as LawViolation {
            return violation
        } catch {
            Issue.record(error)
            return nil
        }
    }
}
