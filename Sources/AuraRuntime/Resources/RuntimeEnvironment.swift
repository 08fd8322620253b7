public import AuraEffects

/// What a process may use: one of the named environments, or limits of one's own.
public struct RuntimeEnvironment: Sendable, Hashable {
    /// `server`, `mobile`, `embedded`, or `own limits`.
    public let name: String
    /// The most memory that the process should use.
    public let memory: ByteCount
    /// How many processor cores the process may keep busy.
    public let cpu: Double
    /// How fast the process should read and write.
    public let io: BytesPerSecond

    private init(name: String, memory: ByteCount, cpu: Double, io: BytesPerSecond) {
        self.name = name
        self.memory = memory
        self.cpu = cpu
        self.io = io
    }

    /// A process on a server: 2 GiB, one core, 1000 MiB/s.
    ///
    /// Nothing is waived here.
    public static let server = RuntimeEnvironment(
        name: "server",
        memory: .gibibytes(2),
        cpu: 1,
        io: .mebibytes(1000)
    )

    /// A process on a phone or a laptop: 256 MiB, 0.3 cores, 10 MiB/s.
    public static let mobile = RuntimeEnvironment(name: "mobile", memory: .mebibytes(256), cpu: 0.3, io: .mebibytes(10))

    /// A process on a small board: 64 MiB, 0.1 cores, 1 MiB/s.
    public static let embedded = RuntimeEnvironment(
        name: "embedded",
        memory: .mebibytes(64),
        cpu: 0.1,
        io: .mebibytes(1)
    )

    /// The environments with a name.
    public static let named: [RuntimeEnvironment] = [.server, .mobile, .embedded]

    /// An environment with limits of one's own.
    ///
    /// - Parameters:
    ///   - memory: The most memory that the process should use.
    ///   - cpu: How many processor cores the process may keep busy.
    ///   - io: How fast the process should read and write.
    /// - Returns: The environment.
    public static func limits(memory: ByteCount, cpu: Double, io: BytesPerSecond) -> RuntimeEnvironment {
        RuntimeEnvironment(name: "own limits", memory: memory, cpu: cpu, io: io)
    }

    /// Whether a profile may waive needs here.
    public var allowsWaiving: Bool { self != .server }
}
