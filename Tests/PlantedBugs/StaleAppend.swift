internal import AuraEffects
internal import AuraMemory

extension PlantedBug {
    /// A decision is written down as if nothing had happened since.
    public static let staleAppend = PlantedBug(
        name: "append without expected revision",
        fault: "A withdrawal is decided by the entries of a journal and appended whatever has been appended since.",
        buggy: { try await withdrawTwice { _ in .any } },
        fixed: { try await withdrawTwice { .exactly($0) } }
    )
}

private actor FraudCheck {
    // Without state of the actor there would be no hop to it in release.
    private var approved = 0

    func approve(_ amount: Int) -> Bool {
        approved += amount
        return approved < 1000
    }
}

private struct Wallet: Sendable {
    let journal: any JournalEffects
    let random: any RandomEffects
    let time: any TimeEffects
    let fraud = FraudCheck()

    func balance() async throws(EffectError) -> (balance: Int, last: Revision?) {
        let entries = try await journal.read("wallet", from: nil, limit: 100, backwards: false)
        let balance = entries.reduce(0) { sum, entry in
            let amount = Int(entry.payload?.first ?? 0)
            return entry.kind == "in/1" ? sum + amount : sum - amount
        }
        return (balance, entries.last?.revision)
    }

    func append(_ kind: EntryKind, _ amount: Int, expecting expected: ExpectedRevision) async throws(EffectError) {
        let draft = JournalEntry.Draft(id: EntryID(time: time, random: random), kind: kind, payload: [UInt8(amount)])
        try await journal.append([draft], to: "wallet", expecting: expected)
    }
}

private func withdrawTwice(_ expecting: @escaping @Sendable (Revision) -> ExpectedRevision) async throws {
    let (time, random) = (ManualTimeHandler(), SeededRandomHandler(seed: .random(in: 0 ... .max)))
    let journal = MemoryJournalHandler(time: time, random: random)
    let wallet = Wallet(journal: journal, random: random, time: time)
    try await wallet.append("in/1", 100, expecting: .any)
    await withTaskGroup { group in
        for _ in 0..<2 {
            group.addTask {
                do {
                    let (balance, last) = try await wallet.balance()
                    guard balance >= 80, await wallet.fraud.approve(80) else { return }
                    try await wallet.append("out/1", 80, expecting: expecting(last ?? .first))
                } catch {}
            }
        }
    }
    let balance = try await wallet.balance().balance
    try require(balance >= 0, "the wallet holds \(balance)")
}
