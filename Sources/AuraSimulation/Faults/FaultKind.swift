internal import AuraRuntime

/// The kinds of faults that a plan is drawn from, by the names that they have on the command line.
public enum FaultKind: String, Sendable, Hashable, Codable, CaseIterable, Comparable {
    /// Messages take longer.
    case latency
    /// Links carry few bytes a second.
    case slowLink = "slow-link"
    /// Connections end.
    case disconnect
    /// Nodes do not reach each other.
    case partition
    /// Nodes are reached by others that they do not reach, or the other way round.
    case oneWayPartition = "one-way-partition"
    /// Stored bits flip.
    case bitFlips = "bit-flips"
    /// A disk is full.
    case diskFull = "disk-full"
    /// A disk is slow.
    case slowDisk = "slow-disk"
    /// A disk's operations fail.
    case diskErrors = "disk-errors"
    /// The power fails amid a write.
    case tornWrite = "torn-write"
    /// A wall clock is off.
    case skew
    /// Clocks are too fast or too slow.
    case drift
    /// A wall clock is stepped.
    case jump
    /// A machine loses power.
    case crash
    /// A process is killed.
    case kill
    /// A process stands still.
    case pause
    /// Calls of the cloud are throttled.
    case throttling
    /// The cloud refuses every call.
    case cloudOutage = "cloud-outage"
    /// Answers of the cloud get lost.
    case lostAnswers = "lost-answers"
    /// Messages of the cloud are delivered twice.
    case redelivery

    /// What a fault of the kind concerns.
    public enum Family: String, Sendable, Hashable, Codable, CaseIterable {
        /// What lies between nodes.
        case network
        /// A node's disk.
        case disk
        /// A node's clocks.
        case clock
        /// A node's process.
        case process
        /// What a node asks of the cloud.
        case cloud
    }

    /// What a fault of the kind concerns.
    public var family: Family {
        switch self {
        case .latency, .slowLink, .disconnect, .partition, .oneWayPartition: .network
        case .bitFlips, .diskFull, .slowDisk, .diskErrors, .tornWrite: .disk
        case .skew, .drift, .jump: .clock
        case .crash, .kill, .pause: .process
        case .throttling, .cloudOutage, .lostAnswers, .redelivery: .cloud
        }
    }

    /// Whether a fault of the kind happens once, and lasts no time.
    public var happensOnce: Bool { self == .disconnect || self == .jump }

    /// Whether a node does nothing while such a fault lasts.
    public var isDowntime: Bool { family == .process || self == .tornWrite }

    /// The order of the declaration.
    public static func < (left: FaultKind, right: FaultKind) -> Bool {
        left.order < right.order
    }

    private var order: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

extension Set<FaultKind> {
    /// Every kind but those of the cloud, which only worlds have whose nodes use it.
    public static var all: Set<FaultKind> { Set(FaultKind.allCases.filter { $0.family != .cloud }) }

    /// Creates a set from what a command line says: `all`, `none`, or families and kinds with commas between them, such
    /// as `network,disk-full`.
    ///
    /// - Parameter text: The text.
    /// - Throws: ``FaultTextError``, which names what is no kind.
    public init(parsing text: String) throws(FaultTextError) {
        var kinds: Set<FaultKind> = []
        for word in text.split(separator: ",", omittingEmptySubsequences: false).map({ String($0.trimmed) }) {
            if word == "all" {
                kinds.formUnion(Set<FaultKind>.all)
            } else if let family = FaultKind.Family(rawValue: word) {
                kinds.formUnion(FaultKind.allCases.filter { $0.family == family })
            } else if let kind = FaultKind(rawValue: word) {
                kinds.insert(kind)
            } else if word != "none" {
                let names =
                    ["all", "none"] + FaultKind.Family.allCases.map(\.rawValue)
                    + FaultKind.allCases.map(\.rawValue)
                throw FaultTextError(
                    "\(HandlerErrors.quote(word)) is no kind of fault: write one of \(names.joined(separator: ", "))."
                )
            }
        }
        self = kinds
    }
}
