/// The names of Aura's metrics, as `docs/telemetry.md` lists them, and what they mean.
enum AuraMetric {
    static let operations = "aura_operations_total"
    static let operationDuration = "aura_operation_duration_seconds"
    static let journalEntries = "aura_journal_entries_total"
    static let networkLatency = "aura_network_latency_seconds"
    static let retries = "aura_retries_total"
    static let breakerState = "aura_breaker_state"
    static let policyQueueDepth = "aura_policy_queue_depth"
    static let queueDepth = "aura_queue_depth"
    static let groupSize = "aura_group_size"
    static let cacheRequests = "aura_cache_requests_total"
    static let poolConnections = "aura_pool_connections"
    static let poolWaiting = "aura_pool_waiting"
    static let connectionsOpen = "aura_connections_open"
    static let connectionRequests = "aura_connection_requests_total"
    static let connectionRequestsUnderWay = "aura_connection_requests_under_way"
    static let clockOffset = "aura_clock_offset_seconds"
    static let clockUncertainty = "aura_clock_uncertainty_seconds"
    static let clockServers = "aura_clock_servers"
    static let budget = "aura_budget_bytes"
    static let budgetUsed = "aura_budget_used_bytes"
    static let telemetryDropped = "aura_telemetry_dropped_total"

    /// The texts after `# HELP`.
    static let help: [String: String] = [
        operations: "Calls of effect operations that have ended, by outcome.",
        operationDuration: "How long calls of effect operations took, with every repetition.",
        journalEntries: "Journal entries taken in, by the call that brought them.",
        networkLatency: "How long requests waited for their replies.",
        retries: "Attempts after the first one of a call.",
        breakerState: "State of the circuit breaker: 0 closed, 1 half open, 2 open.",
        policyQueueDepth: "Calls that wait for the concurrency limit.",
        queueDepth: "Calls that wait for a handler's worker.",
        groupSize: "Calls that a handler's worker carried out together.",
        cacheRequests: "Look-ups in a handler's cache, by result.",
        poolConnections: "Connections of a handler's pool, by state.",
        poolWaiting: "Calls that wait for a connection of a handler's pool.",
        connectionsOpen: "Connections that a handler's calls share, open now.",
        connectionRequests: "Requests over such connections, by whether one was opened for them.",
        connectionRequestsUnderWay: "Requests over such connections that are not ended, with those that wait for one.",
        clockOffset: "What would have to be added to the system's clock for the time that its servers agree on.",
        clockUncertainty: "How far the true time may lie from the clock's, to either side.",
        clockServers: "Time servers, by what becomes of their answers.",
        budget: "What the resource budget allows.",
        budgetUsed: "How much of a part of the resource budget is in use.",
        telemetryDropped: "Spans and data points that were not sent to the collector, by why.",
        "aura_metrics_dropped_series_total":
            "Sets of labels that share the series 'other', because their metric has as many series as it may.",
    ]
}
