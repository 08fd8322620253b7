/// All servers, and what time they agree on: what the client does is decided here, and nothing waits here.
struct NTPState: Sendable {
    private(set) var servers: [NTPServer]
    private(set) var selection: NTPSelection
    /// The last time that the servers agreed on.
    private(set) var correction: DisciplinedClock.Correction?

    init(_ names: [NTPServerName], _ intervals: NTPSchedule.Intervals, now: Int64) {
        servers = names.map { NTPServer($0, intervals, now: now) }
        selection = NTPSelection([], of: names.count)
    }

    /// Whether more than half of the servers agree at present.
    var isSynchronized: Bool { selection.time != nil }

    /// The servers to ask now.
    func due(at now: Int64) -> [(index: Int, address: SocketAddress)] {
        servers.enumerated()
            .compactMap { index, server in
                guard let due = server.due, due <= now, let address = server.address else { return nil }
                return (index, address)
            }
    }

    /// When the next server is to be asked; `nil` while there is none to ask.
    var next: Int64? {
        servers.filter { $0.address != nil }.compactMap(\.due).min()
    }

    /// The servers whose names are to be resolved.
    var unresolved: [(index: Int, name: NTPServerName)] {
        servers.enumerated().filter { $1.address == nil && $1.denial == nil }.map { ($0, $1.name) }
    }

    /// Takes note of a server's address.
    mutating func resolved(_ index: Int, to address: SocketAddress) {
        servers[index].address = address
    }

    /// Takes note of how exchanges ended, and selects anew.
    ///
    /// - Parameters:
    ///   - outcomes: The servers' indices, and how their exchanges ended.
    ///   - now: The moment, on the monotonic clock in nanoseconds.
    ///   - wall: About what time it is, in nanoseconds since 1970.
    mutating func record(_ outcomes: [(index: Int, outcome: NTPServer.Outcome)], now: Int64, wall: Int64) {
        for (index, outcome) in outcomes { servers[index].record(outcome, now: now, wall: wall) }
        let candidates = servers.indices.compactMap { servers[$0].candidate($0, at: now) }
        selection = NTPSelection(candidates, of: servers.count)
        guard let time = selection.time else { return }
        correction = DisciplinedClock.Correction(offset: time.offset, distance: time.distance, moment: now)
    }
}
