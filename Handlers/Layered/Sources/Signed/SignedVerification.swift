internal import AuraEffects
internal import AuraRuntime

/// Checks the signatures of a journal that is sound otherwise.
struct SignedVerification {
    private static let pageSize = 256

    let journal: any JournalEffects
    let keys: HeadKeys
    let isRequired: Bool
    /// The origin of the journal's own entries, where it can be told, and up to where they are signed: the rest is yet to be.
    var own: (origin: OriginID, signedSequence: UInt64)?

    /// How far an origin's entries were read.
    private struct Chain {
        var hash: SHA256Digest
        /// The first entry above the last signature that counts.
        var firstUncovered: (sequence: UInt64, position: Position)?
        /// A signature above it whose key is not trusted.
        var untrusted: VerificationReport.Problem?
        var lastSequence: UInt64 = 0
    }

    /// What the journal underneath finds, and what is wrong with signatures.
    func report() async throws(EffectError) -> VerificationReport {
        var report = try await journal.verify()
        guard report.isClean else { return report }
        let ownKeys = try await keys.ownPublicKeys(in: "verify")
        var chains: [OriginID: Chain] = [:]
        var position = Position.start
        while report.problems.count < VerificationReport.maximumProblemCount {
            let page = try await journal.readAll(after: position, limit: Self.pageSize)
            guard let last = page.last else { break }
            // What was appended since is signed later.
            for entry in page where entry.sequence <= report.frontier.sequence(of: entry.origin) {
                try await check(entry, &chains[entry.origin, default: Chain(hash: .zero)], ownKeys, &report)
            }
            position = last.position
        }
        for (origin, chain) in chains.sorted(by: { $0.key < $1.key }) { noteUncovered(chain, of: origin, &report) }
        report.problems = Array(report.problems.prefix(VerificationReport.maximumProblemCount))
        return report
    }

    private func check(
        _ entry: JournalEntry,
        _ chain: inout Chain,
        _ ownKeys: Set<[UInt8]>,
        _ report: inout VerificationReport
    ) async throws(EffectError) {
        let previous = chain.hash
        chain.hash = entry.hash
        chain.lastSequence = entry.sequence
        if chain.firstUncovered == nil { chain.firstUncovered = (entry.sequence, entry.position) }
        guard let signature = HeadSignature(following: entry) else { return }
        let what = "The signature at sequence \(entry.sequence) of origin \(entry.origin)"
        guard signature.head.hash == previous, try await keys.isValid(signature, in: entry.id) else {
            report.problems.append(.init(position: entry.position, message: "\(what) is not true: it was forged."))
            return
        }
        // Only this journal has its own keys: under them it signed what it wrote before it was given another origin.
        if ownKeys.contains(signature.publicKey) || keys.trusts(signature.publicKey, of: entry.origin) {
            chain.firstUncovered = nil
            chain.untrusted = nil
        } else if isRequired || keys.trustsAnyKey(of: entry.origin) {
            let line = TrustedKey.line(entry.origin, signature.publicKey)
            chain.untrusted = .init(
                position: entry.position,
                message:
                    "\(what) is of a key that is not trusted for it. If the key is the origin's, add it to 'trusted': "
                    + "'\(line)'."
            )
        }
    }

    private func noteUncovered(_ chain: Chain, of origin: OriginID, _ report: inout VerificationReport) {
        if let untrusted = chain.untrusted { return report.problems.append(untrusted) }
        guard isRequired, let first = chain.firstUncovered else { return }
        if let own, own.origin == origin, first.sequence > own.signedSequence { return }
        report.problems.append(
            .init(
                position: first.position,
                message:
                    "No signature of a trusted key covers the entries of origin \(origin) from sequence \(first.sequence) "
                    + "to \(chain.lastSequence): nobody can tell whether the origin wrote them."
            )
        )
    }
}
