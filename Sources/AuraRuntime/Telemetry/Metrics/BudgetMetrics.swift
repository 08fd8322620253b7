internal import AuraEffects
public import Metrics

/// Reports the resource budget, and how much of it is in use.
///
/// `aura_budget_bytes{part}` says what the parts `memory`, `journal_cache` and `write_batch` allow;
/// `aura_budget_used_bytes{part="memory"}` says how much memory the process has.
public struct BudgetMetrics: Sendable {
    private let memory: Gauge?

    /// Reports what a budget allows.
    ///
    /// - Parameters:
    ///   - budget: The budget.
    ///   - factory: The metrics backend; by default the one that was bootstrapped.
    public init(_ budget: ResourceBudget, factory: any MetricsFactory = MetricsSystem.factory) {
        guard !(factory is NOOPMetricsHandler) else {
            memory = nil
            return
        }
        func gauge(_ label: String, _ part: String) -> Gauge {
            Gauge(label: label, dimensions: [("part", part)], factory: factory)
        }
        gauge(AuraMetric.budget, "memory").record(budget.memoryLimit.bytes)
        gauge(AuraMetric.budget, "journal_cache").record(budget.journalCache.bytes)
        gauge(AuraMetric.budget, "write_batch").record(budget.writeBatch.bytes)
        memory = gauge(AuraMetric.budgetUsed, "memory")
        update()
    }

    /// Reports what is in use now: call it before metrics are read, such as in the handler of `GET /metrics`.
    ///
    /// Where the system does not say how much memory the process has, nothing is reported.
    public func update() {
        guard let memory, let bytes = Host.residentBytes else { return }
        memory.record(bytes)
    }
}
