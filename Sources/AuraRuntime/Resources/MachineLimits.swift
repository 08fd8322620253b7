public import AuraEffects

/// What the machine really grants to the process; `nil` where it sets no limit that can be read.
public struct MachineLimits: Sendable, Hashable {
    /// A limit with who sets it.
    public struct Limit<Value: Sendable & Hashable & Comparable>: Sendable, Hashable {
        /// The limit.
        public var value: Value
        /// Who sets it, such as `cgroup memory.max`.
        public var source: String

        /// Creates a limit.
        public init(_ value: Value, source: String) {
            self.value = value
            self.source = source
        }
    }

    /// The memory.
    public var memory: Limit<ByteCount>?
    /// The processor cores.
    public var cpu: Limit<Double>?
    /// The rate of reading and writing.
    public var io: Limit<BytesPerSecond>?

    /// Creates limits; without arguments a machine without any.
    public init(
        memory: Limit<ByteCount>? = nil,
        cpu: Limit<Double>? = nil,
        io: Limit<BytesPerSecond>? = nil
    ) {
        self.memory = memory
        self.cpu = cpu
        self.io = io
    }

    mutating func restrict(memory bytes: Int?, source: String) {
        guard let bytes, bytes > 0 else { return }
        memory = Self.lower(memory, Limit(ByteCount(bytes: bytes), source: source))
    }

    mutating func restrict(cpu cores: Double?, source: String) {
        guard let cores, cores > 0 else { return }
        cpu = Self.lower(cpu, Limit(cores, source: source))
    }

    mutating func restrict(io bytesPerSecond: Int?, source: String) {
        guard let bytesPerSecond, bytesPerSecond > 0 else { return }
        io = Self.lower(io, Limit(BytesPerSecond(bytesPerSecond), source: source))
    }

    private static func lower<Value>(_ known: Limit<Value>?, _ new: Limit<Value>) -> Limit<Value> {
        guard let known, known.value <= new.value else { return new }
        return known
    }
}
