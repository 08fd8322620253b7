internal import AuraEffects

/// What a replicator does without end, beside its other duties.
protocol Duty: Sendable {
    /// Works until the task is cancelled or nothing can be done any more.
    func run() async throws(EffectError)
}

/// Runs duties side by side until the first one ends, and cancels the others.
///
/// - Parameter duties: What to run.
/// - Throws: What the first one that ended threw.
func runUntilFirstEnds(_ duties: [any Duty]) async throws(EffectError) {
    let result = await withTaskGroup(of: Result<Void, EffectError>.self) { group in
        for duty in duties {
            group.addTask {
                do throws(EffectError) {
                    return .success(try await duty.run())
                } catch {
                    return .failure(error)
                }
            }
        }
        let first = await group.next()
        group.cancelAll()
        return first
    }
    try result?.get()
}
