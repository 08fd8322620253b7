#if os(Linux)
/// A property that a run of a simulation has shown not to hold.
public struct BrokenProperty: Error, Sendable, Hashable, CustomStringConvertible {
    /// What should have held.
    public var property: String
    /// At which virtual time since the beginning.
    public var moment: Duration
    /// More about the state that was found.
    public var detail: String?

    /// What, when and how.
    public var description: String {
        let detail = detail.map { ": \($0)" } ?? "."
        return "At \(moment) this did not hold: \(property)\(detail)"
    }
}

extension Simulation {
    /// Ends the run as a failed one where a property does not hold that has to hold at every moment (safety).
    ///
    /// The run ends with the step, whatever the program does with errors. Outside a simulation nothing happens.
    ///
    /// - Parameters:
    ///   - condition: Whether it holds.
    ///   - property: What holds, as a sentence.
    ///   - detail: More about the state, computed only where it does not hold.
    public static func always(
        _ condition: Bool,
        _ property: String,
        detail: @autoclosure () -> String? = nil
    ) {
        guard !condition, let scheduler = Scheduler.current else { return }
        scheduler.fail(BrokenProperty(property: property, moment: moment, detail: detail()))
    }

    /// Waits in virtual time until a condition holds (liveness).
    ///
    /// - Parameters:
    ///   - property: What will hold, as a sentence.
    ///   - limit: How long to wait at most.
    ///   - interval: How often to look.
    ///   - condition: Whether it holds.
    /// - Throws: ``BrokenProperty`` where it did not within `limit`; what `condition` throws; `CancellationError`.
    public static func eventually(
        _ property: String,
        within limit: Duration,
        every interval: Duration = .milliseconds(100),
        _ condition: () async throws -> Bool
    ) async throws {
        let deadline = moment + limit
        while true {
            if try await condition() { return }
            guard moment < deadline else {
                throw BrokenProperty(property: property, moment: moment, detail: "it was waited for \(limit)")
            }
            try await Task.sleep(for: interval)
        }
    }

    /// Notes whether a place or state was reached that some seed has to reach.
    ///
    /// A sweep over seeds reports those that none has reached: a test that never gets into the state that it is about
    /// shows nothing.
    ///
    /// - Parameters:
    ///   - condition: Whether it is reached now.
    ///   - property: What is reached, as a sentence.
    public static func sometimes(_ condition: Bool, _ property: String) {
        guard let scheduler = Scheduler.current else { return }
        scheduler.reached[property, default: false] = scheduler.reached[property, default: false] || condition
    }

    /// Virtual time since the beginning; zero outside a simulation.
    public static var moment: Duration {
        guard let scheduler = Scheduler.current else { return .zero }
        return .nanoseconds(Int64(clamping: scheduler.now))
    }
}
#endif
