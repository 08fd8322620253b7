#if PostgreSQL
internal import AuraEffects
@testable internal import AuraPostgreSQL
internal import Testing

extension PoolConnectionID: ExpressibleByIntegerLiteral {
    init(integerLiteral number: UInt64) {
        self.init(number: number)
    }
}

extension PoolWaiterID: ExpressibleByIntegerLiteral {
    init(integerLiteral number: UInt64) {
        self.init(number: number)
    }
}

extension MonotonicInstant {
    static func seconds(_ seconds: Double) -> MonotonicInstant {
        MonotonicInstant(nanoseconds: Int64(seconds * 1e9))
    }
}

extension EffectError {
    static let refusedForNow = EffectError(.unavailable, "The server refuses.")
    static let wrongPassword = EffectError(.unauthenticated, "The password is wrong.")
}

extension PoolCommand: CustomStringConvertible {
    var description: String {
        switch self {
        case .open(let id): "open \(id.number)"
        case .ping(let id): "ping \(id.number)"
        case .close(let id): "close \(id.number)"
        case .give(let id, let waiter): "give \(id.number) to \(waiter.number)"
        case .refuse(let waiter, let refusal): "refuse \(waiter.number): \(refusal.name)"
        case .setTimer(let moment): "timer \(Double(moment.nanoseconds) / 1e9)"
        case .drained: "drained"
        }
    }
}

extension PoolRefusal {
    var name: String {
        switch self {
        case .withdrawn: "withdrawn"
        case .expired(_, nil): "expired"
        case .expired(_, let failure?): "expired, \(failure.code)"
        case .tooManyWaiting: "too many"
        case .cannotOpen(let failure): "cannot open, \(failure.code)"
        case .notStarted: "not started"
        case .stopped: "stopped"
        }
    }
}

/// A table of events, each with its moment in seconds and the commands that it brings, apart from the timer's.
struct PoolScript {
    struct Row {
        var moment: Double
        var event: PoolEvent
        var commands: [String]
        var location: SourceLocation
    }

    var configuration = PoolConfiguration()
    var rows: [Row] = []

    init(_ configure: (inout PoolConfiguration) -> Void = { _ in }) {
        configure(&configuration)
    }

    mutating func at(
        _ moment: Double,
        _ event: PoolEvent,
        _ commands: String...,
        location: SourceLocation = #_sourceLocation
    ) {
        rows.append(Row(moment: moment, event: event, commands: commands, location: location))
    }

    /// Fires the timer where it is due, and nowhere else, so that a row of the timer says when it must be set.
    @discardableResult
    func run() -> PoolState {
        var state = PoolState(configuration)
        for row in rows {
            let moment = MonotonicInstant.seconds(row.moment)
            if case .timerFired = row.event {
                let isDue = state.timer.map { $0 <= moment } ?? false
                #expect(isDue, "The timer is set to \(String(describing: state.timer)).", sourceLocation: row.location)
            }
            let commands = state.handle(row.event, now: moment)
                .filter {
                    if case .setTimer = $0 { false } else { true }
                }
            #expect(commands.map(\.description) == row.commands, sourceLocation: row.location)
        }
        return state
    }
}
#endif
