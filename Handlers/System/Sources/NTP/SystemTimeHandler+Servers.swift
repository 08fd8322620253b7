internal import AuraEffects
internal import AuraRuntime

extension SystemTimeHandler {
    /// The shortest and the longest interval that a server may be asked in (MINPOLL, MAXPOLL of RFC 5905, section 7.2).
    private static let polls = Duration.seconds(16)...Duration.nanoseconds(NTPSchedule.longestInterval)

    /// Makes a handler whose clock servers correct, without waiting for their answers.
    ///
    /// - Parameters:
    ///   - servers: The servers' names.
    ///   - poll: How often to ask each.
    ///   - context: What the handler is made from.
    /// - Returns: The handler.
    /// - Throws: ``EffectError`` with `invalidArgument` for a name that is none, twice the same one, or an interval out of
    ///   range.
    static func make(
        asking servers: [String],
        every poll: Duration,
        _ context: HandlerContext
    ) throws(EffectError) -> ManagedHandler<any TimeEffects> {
        guard polls.contains(poll) else {
            throw invalid("ntpPoll must be a time from 16s to 131072s: servers expect to be asked that often.")
        }
        var names: [NTPServerName] = []
        for server in servers {
            guard let name = NTPServerName(server) else {
                throw invalid("ntp names no server by \(HandlerErrors.quote(server)): write HOST or HOST:PORT.")
            }
            guard !names.contains(name) else {
                throw invalid("ntp names \(HandlerErrors.quote(server)) twice: one server has one vote.")
            }
            names.append(name)
        }
        let intervals = NTPSchedule.Intervals(poll: poll.nanoseconds)
        return make(asking: names, intervals, correcting: .shared, context)
    }

    /// Makes a handler whose clock servers correct.
    static func make(
        asking names: [NTPServerName],
        _ intervals: NTPSchedule.Intervals,
        correcting clock: MachineClock,
        _ context: HandlerContext
    ) -> ManagedHandler<any TimeEffects> {
        let client = NTPClient(names, intervals, correcting: clock, context)
        return ManagedHandler(SystemTimeHandler(clock, client: client)) { await client.stop() }
    }

    private static func invalid(_ message: String) -> EffectError {
        HandlerErrors(TimeEffect.self, handler: technology).error(.invalidArgument, in: "make", message)
    }
}
