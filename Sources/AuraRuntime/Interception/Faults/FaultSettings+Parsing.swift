internal import AuraEffects

extension FaultSettings {
    /// Reads the section `faults` of a profile.
    ///
    /// - Parameters:
    ///   - node: The section's value.
    ///   - operations: The operations of all effects that the application knows.
    ///   - problems: Takes what is wrong; a fault that is wrong does not happen.
    init(parsing node: ProfileNode, operations: [EffectOperation], problems: inout [ProfileError]) {
        self.init(seed: 0, faults: [:])
        let example = "faults: { seed: 7, operations: { storage.write: { rate: 0.1, error: unavailable } } }"
        var section = SectionReader(node, key: "faults", takes: ["seed", "operations"], example: example)
        if let entry = section.entry("seed") { seed = section.seed(entry) ?? 0 }
        problems += section.problems
        guard let entry = section.entry("operations") else {
            if node.entries != nil {
                let message = "is missing; write '\(example)'"
                problems.append(ProfileError(.missingKey, at: node.place, key: "faults.operations", message))
            }
            return
        }
        readFaults(entry.value, of: operations, example: example, &problems)
    }

    private mutating func readFaults(
        _ node: ProfileNode,
        of operations: [EffectOperation],
        example: String,
        _ problems: inout [ProfileError]
    ) {
        let calls = operations.filter { $0.kind == .call }
        let keys = calls.map(\.key) + Set(calls.map { "\($0.effect).*" }).sorted() + ["*"]
        var section = SectionReader(node, key: "faults.operations", example: example)
        for entry in section.all {
            if keys.contains(entry.key) {
                if let fault = Fault(parsing: entry, &problems) { faults[entry.key] = fault }
            } else if operations.contains(where: { $0.key == entry.key }) {
                section.refuse(entry, "answers at once and cannot fail; leave it out", code: .unknownKey)
            } else {
                let hint = suggestion(for: entry.key, in: keys)
                let message = "unknown operation\(hint)write EFFECT.OPERATION, 'EFFECT.*' or '*'"
                section.refuse(entry, message, code: .unknownKey)
            }
        }
        problems += section.problems
    }
}

extension FaultSettings.Fault {
    private static let keys = ["rate", "error", "when", "delay", "hang"]

    /// The codes that a profile may name.
    private static let codes: [EffectError.Code] = [
        .notFound, .conflict, .preconditionFailed, .compacted, .invalidArgument, .unauthenticated, .permissionDenied,
        .resourceExhausted, .throttled, .unavailable, .deadlineExceeded, .cancelled, .corrupted, .unsupported,
        .unimplemented, .internal,
    ]

    fileprivate init?(parsing entry: ProfileEntry, _ problems: inout [ProfileError]) {
        let example = "{ rate: 0.1, error: unavailable }"
        var section = SectionReader(
            entry.value,
            key: "faults.operations.\(entry.key)",
            takes: Self.keys,
            example: "\(entry.key): \(example)"
        )
        self.init(rate: 0)
        if let entry = section.entry("rate") {
            rate = section.rate(entry) ?? 0
        } else if entry.value.entries != nil {
            section.refuse(entry, key: "rate", "is missing; write '\(entry.key): \(example)'")
        }
        if let entry = section.entry("error") {
            error = section.choice(entry, of: Self.codes.map(\.rawValue)).map(EffectError.Code.init(rawValue:))
        }
        if let entry = section.entry("when") {
            failsAfterwards = section.choice(entry, of: ["before", "after"]) == "after"
            if section.entry("error") == nil {
                section.refuse(entry, "says when an 'error' happens; add one, or leave it out")
            }
        }
        if let entry = section.entry("delay") { delay = section.duration(entry) ?? .zero }
        if let entry = section.entry("hang") {
            hangs = section.boolean(entry) ?? false
            if hangs && section.entry("error") != nil {
                section.refuse(entry, "leaves no answer to be an 'error'; leave one of them out")
            }
        }
        let doesNothing = ["error", "delay", "hang"].allSatisfy { section.entry($0) == nil }
        if doesNothing && section.problems.isEmpty {
            section.refuse(entry, key: "error", "is missing: a fault has 'error', 'delay' or 'hang'")
        }
        problems += section.problems
        guard section.problems.isEmpty else { return nil }
    }
}

extension SectionReader {
    fileprivate mutating func seed(_ entry: ProfileEntry) -> UInt64? {
        if case .text(let text, _) = entry.value, let seed = UInt64(text) { return seed }
        refuse(entry, "must be a whole number of at least 0; write 'seed: 7'")
        return nil
    }

    fileprivate mutating func rate(_ entry: ProfileEntry) -> Double? {
        if case .text(let text, _) = entry.value, let rate = Double(text), (0...1).contains(rate) { return rate }
        refuse(entry, "must be a share of calls from 0 to 1; write 'rate: 0.1' for every tenth")
        return nil
    }

    /// Says that a key which belongs into an entry's mapping is not there.
    fileprivate mutating func refuse(_ entry: ProfileEntry, key: String, _ message: String) {
        let missing = ProfileEntry(key: key, place: entry.place, value: .nothing(entry.place))
        refuse(missing, message, code: .missingKey)
    }
}
