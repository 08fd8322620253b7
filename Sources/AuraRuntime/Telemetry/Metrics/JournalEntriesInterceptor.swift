public import AuraEffects
public import Metrics

/// Counts the entries that a journal takes in: `aura_journal_entries_total{origin}`, where the origin is `append` or
/// `merge`.
///
/// An append that is repeated by its ids gets the first receipt, and its entries are counted again. It is an interceptor
/// because observers do not see answers; put it innermost, so that it counts what the handler answered.
public struct JournalEntriesInterceptor: Interceptor {
    /// `journal-entries`.
    public let name = "journal-entries"

    private let appended: Counter
    private let merged: Counter

    /// Creates the interceptor; `nil` where there is no metrics backend.
    ///
    /// - Parameter factory: The metrics backend; by default the one that was bootstrapped.
    public init?(factory: any MetricsFactory = MetricsSystem.factory) {
        guard !(factory is NOOPMetricsHandler) else { return nil }
        appended = Counter(label: AuraMetric.journalEntries, dimensions: [("origin", "append")], factory: factory)
        merged = Counter(label: AuraMetric.journalEntries, dimensions: [("origin", "merge")], factory: factory)
    }

    /// Counts the entries of the answer.
    public func intercept(
        _ call: EffectCall,
        _ next: EffectContinuation
    ) async throws(EffectError) -> EffectAnswer {
        let answer = try await next()
        if let receipts = answer as? AnswerOf<[AppendReceipt]> {
            appended.increment(by: receipts.typed.reduce(0) { $0 + $1.items.count })
        } else if let receipt = answer as? AnswerOf<MergeReceipt> {
            merged.increment(by: receipt.typed.added)
        }
        return answer
    }
}
