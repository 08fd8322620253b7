internal import AuraEffects

/// How a clock and its time servers stand.
public struct TimeSynchronization: Sendable, Hashable {
    /// What becomes of a server's answers.
    public enum ServerState: Sendable, Hashable {
        /// The time is made of them, among others.
        case used
        /// They agree with the majority's, but others say it more exactly.
        case agreeing
        /// They contradict the majority's: the server is wrong.
        case falseticker
        /// They are too few so far, or contradict the server's own earlier ones.
        case settling
        /// They cannot be used: the server says so itself, or they contradict themselves; the reason, to be read after the
        /// server's name.
        case unusable(String)
        /// There are none.
        case unreachable
        /// The server's name has no address.
        case unresolved
        /// The server does not want to be asked, by the code `DENY` or `RSTR`: it is asked no more.
        case denied(String)
        /// There are enough, but no majority that they could agree with.
        case undecided
    }

    /// How one server stands.
    public struct Server: Sendable, Hashable {
        /// The server as the profile names it.
        public var name: String
        /// Its address; `nil` until its name is resolved.
        public var address: String?
        /// What becomes of its answers.
        public var state: ServerState
        /// How far it is from a reference clock, in steps; 1 is beside one.
        public var stratum: Int?
        /// What would have to be added to the system's clock for its time; `nil` without answers.
        public var offset: Duration?
        /// How long its best answer was under way, there and back.
        public var delay: Duration?
        /// How far the true time may lie from what it says, to either side.
        public var distance: Duration?
        /// The last eight questions, a bit each, the last one lowest: set where it was answered.
        public var reach: UInt8
        /// How often its clock has jumped.
        public var jumps: Int
    }

    /// Whether more than half of the servers agree at present.
    public var isSynchronized: Bool
    /// What would have to be added to the system's clock for the time that the servers last agreed on; `nil` before.
    public var offset: Duration?
    /// How far the true time may lie from the clock's, to either side; `nil` before servers have agreed.
    public var uncertainty: Duration?
    /// The servers, in the profile's order.
    public var servers: [Server]
    /// Whether nothing new is to be expected soon: every server has been heard often enough, or is silent.
    public var isSettled: Bool
}

extension TimeSynchronization.ServerState: CustomStringConvertible {
    /// One word, or a word and a reason.
    public var description: String {
        switch self {
        case .used: "used"
        case .agreeing: "agreeing"
        case .falseticker: "falseticker"
        case .settling: "settling"
        case .unusable(let reason): "unusable: \(reason)"
        case .unreachable: "unreachable"
        case .unresolved: "unresolved"
        case .denied(let code): "denied: \(code)"
        case .undecided: "undecided"
        }
    }
}

extension TimeSynchronization {
    /// Describes a client's state at this moment.
    init(_ state: NTPState, at clock: MachineClock) {
        let monotonic = clock.monotonicNow.nanoseconds
        // What turns an offset from the monotonic clock into one from the system's.
        let system = clock.systemNow - monotonic
        isSynchronized = state.isSynchronized
        offset = state.correction.map { .nanoseconds($0.offset - system) }
        uncertainty = clock.now.uncertainty
        isSettled = state.servers.allSatisfy(\.isSettled)
        servers = state.servers.enumerated()
            .map { index, server in
                let best = server.filter.best
                return Server(
                    name: server.name.description,
                    address: server.address?.description,
                    state: ServerState(of: index, in: state),
                    stratum: best.map { Int($0.stratum) },
                    offset: best.map { .nanoseconds($0.offset - system) },
                    delay: best.map { .nanoseconds($0.delay) },
                    distance: best.map { .nanoseconds($0.distance(at: monotonic)) },
                    reach: server.schedule.reach,
                    jumps: server.jumps
                )
            }
    }
}

extension TimeSynchronization.ServerState {
    init(of index: Int, in state: NTPState) {
        let server = state.servers[index]
        let selection = state.selection
        self =
            if let denial = server.denial {
                .denied(denial)
            } else if let refusal = server.refusal {
                .unusable(refusal.rawValue)
            } else if selection.survivors.contains(index) {
                .used
            } else if selection.truechimers.contains(index) {
                .agreeing
            } else if selection.falsetickers.contains(index) {
                .falseticker
            } else if server.address == nil, server.schedule.reach == 0 {
                .unresolved
            } else if server.schedule.reach == 0 {
                .unreachable
            } else if !server.filter.isSettled {
                .settling
            } else {
                .undecided
            }
    }
}
