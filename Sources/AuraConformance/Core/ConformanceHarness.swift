public import AuraEffects

/// Makes the handlers that laws are checked on.
///
/// A family's own harness refines it: ``StorageHarness``, ``JournalHarness``, ``NetworkHarness``, ``TimeHarness``,
/// ``RandomHarness``. A harness offers an ability by conforming to that ability's protocol as well.
public protocol ConformanceHarness<Handler>: Sendable {
    /// What a law is checked on: usually `any` effect protocol.
    associatedtype Handler: Sendable

    /// What the handlers declare.
    var capabilities: Capabilities { get }

    /// Makes a handler on fresh, empty data; each call's is independent of the others'.
    func make() async throws -> Handler

    /// Closes every handler that is still open and removes its data. Called once, after a check.
    func finish() async
}

/// A harness that closes a handler properly and opens its data again.
public protocol ReopeningHarness<Handler>: ConformanceHarness {
    /// Closes a handler and opens another one on the same data.
    ///
    /// - Parameter handler: A handler of this harness, not to be used afterwards.
    /// - Returns: The new handler.
    /// - Throws: Any error, which fails the law.
    func reopen(_ handler: Handler) async throws -> Handler
}

/// A harness that ends a handler as a crash of its process would and opens its data again.
public protocol CrashingHarness<Handler>: ConformanceHarness {
    /// Opens another handler on the data as the crash of this one left it, without a clean close.
    ///
    /// Calls may be under way on the handler; they may fail, but must not hang, and once this method has returned they
    /// change nothing any more. A harness may copy the data as it stands and open the copy.
    ///
    /// - Parameter handler: A handler of this harness, not to be used afterwards.
    /// - Returns: The new handler.
    /// - Throws: Any error, which fails the law.
    func crash(_ handler: Handler) async throws -> Handler
}

/// A harness that opens several handlers on the same data, as several processes would.
public protocol SharingHarness<Handler>: ConformanceHarness {
    /// Opens another handler on the data of one that stays in use.
    ///
    /// - Parameter handler: A handler of this harness.
    /// - Returns: The second handler.
    /// - Throws: Any error, which fails the law.
    func second(_ handler: Handler) async throws -> Handler
}

/// A harness that holds up a writer of another process amid its transaction.
public protocol StallingHarness<Handler>: ConformanceHarness {
    /// Begins a transaction on the data of a handler, as another process would, and ends it once `body` is done.
    ///
    /// What the transaction writes is not part of any law: it may be undone.
    ///
    /// - Parameters:
    ///   - handler: A handler of this harness, which stays in use.
    ///   - body: What happens in the meantime.
    /// - Throws: Any error, which fails the law.
    func stalling(_ handler: Handler, while body: @Sendable () async throws -> Void) async throws
}

/// A harness that steps the wall clock which its handlers read, as an administrator would.
public protocol ClockSteppingHarness: ConformanceHarness {
    /// Steps the wall clock of every handler of this harness; monotonic clocks are not touched.
    ///
    /// - Parameter duration: How far; negative steps back.
    /// - Throws: Any error, which fails the law.
    func stepWallClock(by duration: Duration) async throws
}

/// A harness that lets time pass for its handlers: it moves their clock, or waits.
public protocol TimePassingHarness: ConformanceHarness {
    /// The wall clock that the handlers of this harness read.
    var now: WallTime { get }

    /// Lets time pass for every handler of this harness, and for the service behind it.
    ///
    /// - Parameter duration: How much; at least this much has passed on return.
    /// - Throws: Any error, which fails the law.
    func letTimePass(_ duration: Duration) async throws
}

extension ConformanceHarness {
    func reopened(_ handler: Handler) async throws -> Handler {
        try await require(self as? any ReopeningHarness<Handler>, "a harness that can reopen").reopen(handler)
    }

    func crashed(_ handler: Handler) async throws -> Handler {
        try await require(self as? any CrashingHarness<Handler>, "a harness that can crash").crash(handler)
    }

    func sharing(_ handler: Handler) async throws -> Handler {
        try await require(self as? any SharingHarness<Handler>, "a harness that can share").second(handler)
    }

    func stallingWriter(on handler: Handler, while body: @Sendable () async throws -> Void) async throws {
        try await require(self as? any StallingHarness<Handler>, "a harness that can stall a writer")
            .stalling(handler, while: body)
    }

    func lettingTimePass(_ duration: Duration) async throws {
        try await require(self as? any TimePassingHarness, "a harness that can let time pass").letTimePass(duration)
    }

    /// A moment by the clock of the harness's handlers.
    func moment(in duration: Duration) throws -> WallTime {
        let now = try require(self as? any TimePassingHarness, "a harness that can let time pass").now
        return WallTime(nanosecondsSinceEpoch: now.nanosecondsSinceEpoch + duration.nanoseconds)
    }

    func steppingWallClock(by duration: Duration) async throws {
        try await require(self as? any ClockSteppingHarness, "a harness that can step the clock")
            .stepWallClock(by: duration)
    }
}
