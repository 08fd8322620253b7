internal import AuraEffects
package import Logging
internal import ServiceLifecycle
internal import Synchronization
internal import UnixSignals

/// What the command line ends with when the process was asked to stop before the command was done.
struct StoppedBySignal: Error {}

/// A process that SIGTERM and SIGINT ask to stop.
package enum StoppableProcess {
    /// Runs `body` until it is done, and listens to the signals meanwhile.
    ///
    /// A signal ends nothing by itself: what is inside ``cancellingAtStop(_:)`` is cancelled then, and what stands around
    /// it, such as handlers, gets the time to end in order.
    ///
    /// - Parameters:
    ///   - logger: Logs that a signal came.
    ///   - body: What the process is for.
    /// - Throws: What `body` throws; ``StoppedBySignal`` in place of the cancellation that a signal caused.
    package static func run(logger: Logger, _ body: @escaping @Sendable () async throws -> Void) async throws {
        let service = BodyService(body: body)
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [
                    ServiceGroupConfiguration.ServiceConfiguration(
                        service: service,
                        successTerminationBehavior: .gracefullyShutdownGroup
                    )
                ],
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger
            )
        )
        try await group.run()
        try service.outcome?.get()
    }

    /// Runs `body` and cancels it when the process is asked to stop.
    package static func cancellingAtStop(_ body: @escaping @Sendable () async throws -> Void) async throws {
        try await cancelWhenGracefulShutdown(body)
    }
}

/// The body as the one service of a group, which listens to the signals.
///
/// Handlers are no services of their own: a group that is cancelled cancels all its services at once, and handlers must
/// outlive the application in every case.
private final class BodyService: Service {
    private let body: @Sendable () async throws -> Void
    private let result = Mutex<Result<Void, any Error>?>(nil)

    init(body: @escaping @Sendable () async throws -> Void) {
        self.body = body
    }

    /// How the body ended; `nil` before.
    var outcome: Result<Void, any Error>? {
        result.withLock { $0 }
    }

    func run() async throws {
        let outcome: Result<Void, any Error>
        do {
            try await body()
            outcome = .success(())
        } catch {
            let isStopped = Task.isShuttingDownGracefully && error.isCancellation
            outcome = .failure(isStopped ? StoppedBySignal() : error)
        }
        result.withLock { $0 = outcome }
    }
}

extension Error {
    fileprivate var isCancellation: Bool {
        (self as? EffectError)?.code == .cancelled || self is CancellationError
    }
}
