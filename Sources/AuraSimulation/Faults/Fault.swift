public import AuraEffects

/// What can go wrong in a world.
public enum Fault: Sendable, Hashable {
    // Between the nodes concerned and all others.

    /// Every message takes so much longer.
    case latency(Duration)
    /// No more than so many bytes go through in a second.
    case slowLink(BytesPerSecond)
    /// The connections end once.
    case disconnect
    /// No messages get through, in one direction or in both.
    case partition(LinkDirection)

    // On the disks of the nodes concerned.

    /// The chance of each read that it finds a bit flipped, for good.
    case bitFlips(Double)
    /// There is no room for anything more.
    case diskFull
    /// Every operation takes so much longer.
    case slowDisk(Duration)
    /// The chance of each operation that it fails.
    case diskErrors(Double)
    /// The machine loses power amid a write, and starts again when the fault is over.
    case tornWrite

    // On the clocks of the nodes concerned.

    /// The wall clock is off by so much, and is put right when the fault is over.
    case skew(Duration)
    /// The clocks are too fast by so many millionths; too slow where negative.
    case drift(Int)
    /// The wall clock is stepped once.
    case jump(Duration)

    // The processes of the nodes concerned.

    /// The machine loses power, with what was not synced, and starts again when the fault is over.
    case crash
    /// The process is killed, which loses nothing that it wrote, and starts again when the fault is over.
    case kill
    /// The process stands still.
    case pause

    // On what the nodes concerned ask of the cloud.

    /// The chance of each call that it is throttled.
    case throttling(Double)
    /// Every call is refused.
    case cloudOutage
    /// The chance of each call that it takes effect and its answer gets lost.
    case lostAnswers(Double)
    /// The chance of each delivery of a message that it is delivered to others too meanwhile.
    case redelivery(Double)
}

extension Fault {
    /// Which kind of fault it is.
    public var kind: FaultKind {
        switch self {
        case .latency: .latency
        case .slowLink: .slowLink
        case .disconnect: .disconnect
        case .partition(.both): .partition
        case .partition: .oneWayPartition
        case .bitFlips: .bitFlips
        case .diskFull: .diskFull
        case .slowDisk: .slowDisk
        case .diskErrors: .diskErrors
        case .tornWrite: .tornWrite
        case .skew: .skew
        case .drift: .drift
        case .jump: .jump
        case .crash: .crash
        case .kill: .kill
        case .pause: .pause
        case .throttling: .throttling
        case .cloudOutage: .cloudOutage
        case .lostAnswers: .lostAnswers
        case .redelivery: .redelivery
        }
    }
}

/// A fault of a ``FaultPlan``: what goes wrong where, when and for how long.
public struct PlannedFault: Sendable, Hashable {
    /// When it begins, counted from the beginning of the plan.
    public let begin: Duration
    /// How long it lasts: zero for what happens once; `nil` where it never ends.
    public let duration: Duration?
    /// The names of the nodes concerned, in order.
    public let nodes: [String]
    /// What goes wrong.
    public let fault: Fault

    /// Creates a fault.
    ///
    /// - Parameters:
    ///   - begin: When it begins, counted from the beginning of the plan.
    ///   - duration: How long it lasts; of no importance for what happens once; `nil` where it never ends.
    ///   - nodes: The names of the nodes concerned.
    ///   - fault: What goes wrong.
    public init(at begin: Duration, for duration: Duration? = .zero, on nodes: [String], _ fault: Fault) {
        self.begin = begin
        self.duration = fault.kind.happensOnce ? .zero : duration
        self.nodes = Set(nodes).sorted()
        self.fault = fault
    }

    /// When it is over; `nil` where it never ends.
    public var end: Duration? {
        duration.map { begin + $0 }
    }

    /// Whether it is under way at a moment.
    func isActive(at moment: Duration) -> Bool {
        moment >= begin && end.map { moment < $0 } ?? true
    }
}
