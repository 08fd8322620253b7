internal import AuraEffects
internal import AuraRuntime

/// Tells how much of an origin's run of entries a trusted signature covers.
struct SignatureCoverage {
    let keys: HeadKeys
    let errors: HandlerErrors

    /// How many of a run's first entries are covered: up to and with the last signature of a trusted key.
    ///
    /// One signature speaks for everything below it, so that only what lies above the last true one is looked at more closely.
    ///
    /// - Parameters:
    ///   - run: Entries of one origin without gaps.
    ///   - start: How many of the first entries were looked at before, and are not covered by any of their signatures.
    ///   - head: The entry before the first one.
    /// - Returns: The number of entries.
    /// - Throws: ``EffectError``: `corrupted` for a signature above them that is not true, `permissionDenied` for one of a key
    ///   that is not trusted.
    func coveredCount(
        of run: [JournalEntry],
        from start: Int,
        after head: JournalFrontier.Head
    ) async throws(EffectError) -> Int {
        var doubt: EffectError?
        for index in (start..<run.count).reversed() {
            guard let signature = HeadSignature(following: run[index]) else { continue }
            let previous = index == 0 ? head.hash : run[index - 1].hash
            guard let found = try await doubtful(signature, at: run[index], after: previous) else {
                if let doubt { throw doubt }
                return index + 1
            }
            doubt = found
        }
        if let doubt { throw doubt }
        return 0
    }

    /// Why a signature does not count; `nil` where it does.
    private func doubtful(
        _ signature: HeadSignature,
        at entry: JournalEntry,
        after previous: SHA256Digest
    ) async throws(EffectError) -> EffectError? {
        guard signature.head.hash == previous else {
            return untrue(entry, "names another entry than the one before it")
        }
        guard keys.trusts(signature.publicKey, of: entry.origin) else {
            return errors.error(
                .permissionDenied,
                in: "merge",
                "The signature at sequence \(entry.sequence) of origin \(entry.origin) is of a key that is not trusted for it; "
                    + "nothing was merged. If the key is the origin's, add it to 'trusted': "
                    + "'\(TrustedKey.line(entry.origin, signature.publicKey))'."
            )
        }
        return try await keys.isValid(signature, in: entry.id)
            ? nil : untrue(entry, "was not made by the key that it names")
    }

    private func untrue(_ entry: JournalEntry, _ reason: String) -> EffectError {
        errors.error(
            .corrupted,
            in: "merge",
            "The signature at sequence \(entry.sequence) of origin \(entry.origin) \(reason): somebody forged or altered the "
                + "entries; nothing was merged. Take them from another peer, and verify the sender's journal."
        )
    }
}
