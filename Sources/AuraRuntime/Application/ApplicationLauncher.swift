internal import AuraEffects
internal import Logging
internal import ServiceLifecycle
internal import Synchronization
internal import UnixSignals

/// What the command line ends with when the process was asked to stop before the command was done.
struct StoppedBySignal: Error {}

extension AuraApplication {
    /// Assembles the selected profile and runs `body` until it is done or the process is asked to stop.
    ///
    /// At SIGTERM or SIGINT the task of `body` is cancelled; the handlers are stopped after it, in the reverse order of
    /// their start.
    static func launch(
        _ options: ApplicationOptions,
        _ body: @escaping @Sendable (EffectSystem, ApplicationContext) async throws -> Void
    ) async throws {
        var logger = Logger(label: name)
        logger.logLevel = options.logLevel.level
        let assembly = try assembly(selectedProfile(options.profile))
        let service = ApplicationService(assembly: assembly, logger: logger, body: body)
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

    /// The profile to run on: what the command line names, then `APP_PROFILE`, then the application's default.
    static func selectedProfile(_ option: String?) -> String {
        option ?? Host.variables["APP_PROFILE"] ?? defaultProfile
    }

    /// A profile, checked against the application.
    static func assembly(_ nameOrPath: String) throws(ProfileErrors) -> Assembly {
        try Assembly(try Profile.find(nameOrPath), handlers, needs: needs)
    }
}

/// The application as the one service of a group, which listens to the signals.
///
/// Handlers are no services of their own: a group that is cancelled cancels all its services at once, and handlers must
/// outlive the application in every case.
private final class ApplicationService: Service {
    private let assembly: Assembly
    private let logger: Logger
    private let body: @Sendable (EffectSystem, ApplicationContext) async throws -> Void
    private let result = Mutex<Result<Void, any Error>?>(nil)

    init(
        assembly: Assembly,
        logger: Logger,
        body: @escaping @Sendable (EffectSystem, ApplicationContext) async throws -> Void
    ) {
        self.assembly = assembly
        self.logger = logger
        self.body = body
    }

    /// How the application ended; `nil` before.
    var outcome: Result<Void, any Error>? {
        result.withLock { $0 }
    }

    func run() async throws {
        let body = body
        let outcome: Result<Void, any Error>
        do {
            try await assembly.withEffects(logger: logger) { effects, context in
                try await cancelWhenGracefulShutdown { try await body(effects, context) }
            }
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
