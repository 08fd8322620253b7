internal import AuraEffects

/// Derives what handlers may use from an environment and from what the machine really grants.
public enum ResourceManager {
    /// A budget with the source of each of its limits.
    public struct Derivation: Sendable, Hashable {
        /// The budget.
        public let budget: ResourceBudget
        /// Who sets the memory limit, such as `environment server` or `cgroup memory.max`.
        public let memorySource: String
        /// Who sets the CPU quota.
        public let cpuSource: String
        /// Who sets the I/O quota.
        public let ioSource: String
    }

    /// Derives a budget: of each limit the lower one of the environment's and the machine's.
    ///
    /// - Parameters:
    ///   - environment: What the process should use.
    ///   - machine: What the machine grants.
    /// - Returns: The budget, and who set each of its limits.
    public static func derive(from environment: RuntimeEnvironment, on machine: MachineLimits) -> Derivation {
        let source = environment.name == "own limits" ? "profile" : "environment \(environment.name)"
        let memory = lower(environment.memory, machine.memory, source)
        let cpu = lower(environment.cpu, machine.cpu, source)
        let io = lower(environment.io, machine.io, source)
        return Derivation(
            budget: ResourceBudget(memoryLimit: memory.value, cpuQuota: cpu.value, ioQuota: io.value),
            memorySource: memory.source,
            cpuSource: cpu.source,
            ioSource: io.source
        )
    }

    /// Reads what the machine grants to the process: its memory and cores, and the limits of its control groups.
    ///
    /// - Parameter root: The folder that holds `proc` and `sys`; a test gives one of its own.
    /// - Returns: The limits that could be read.
    public static func machineLimits(root: String = "/") -> MachineLimits {
        MachineReader(root: root.hasSuffix("/") ? String(root.dropLast()) : root).read()
    }

    private static func lower<Value: Comparable>(
        _ value: Value,
        _ limit: MachineLimits.Limit<Value>?,
        _ source: String
    ) -> (value: Value, source: String) {
        guard let limit, limit.value < value else { return (value, source) }
        return (limit.value, limit.source)
    }
}
