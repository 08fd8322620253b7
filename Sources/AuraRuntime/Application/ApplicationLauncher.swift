internal import AuraEffects
internal import Logging

extension AuraApplication {
    /// Assembles the selected profile, or a recording, and runs `body` until it is done or the process is asked to stop.
    ///
    /// At SIGTERM or SIGINT the task of `body` is cancelled; the handlers are stopped after it, in the reverse order of
    /// their start.
    static func launch(
        _ options: ApplicationOptions,
        _ body: @escaping @Sendable (EffectSystem, ApplicationContext) async throws -> Void
    ) async throws {
        var logger = Logger(label: name)
        logger.logLevel = options.logLevel.level
        if let path = options.replay {
            try await StoppableProcess.run(logger: logger) { [logger] in
                try await withReplay(of: path, handlers, needs: needs, logger: logger) { effects, context in
                    try await StoppableProcess.cancellingAtStop { try await body(effects, context) }
                }
            }
            return
        }
        let assembly = try assembly(selectedProfile(options.profile))
        let recording = options.recording
        MemoryAllocator.tune(for: assembly.resources.budget)
        let telemetry = assembly.interception.telemetry
        let exporter = telemetry.otlp
            .map { OTLPExporter($0, service: name, histogramBuckets: telemetry.histogramBuckets) }
        exporter?.bootstrap(for: telemetry, logger: logger)
        try await StoppableProcess.run(logger: logger) { [logger] in
            try await assembly.withEffects(
                logger: logger,
                recording: recording,
                exporter: exporter
            ) { effects, context in
                try await StoppableProcess.cancellingAtStop { try await body(effects, context) }
            }
        }
    }

    /// The profile to run on: what the command line names, then `APP_PROFILE`, then the application's default.
    static func selectedProfile(_ option: String?) -> String {
        option ?? Host.variables["APP_PROFILE"] ?? defaultProfile
    }

    /// A profile, checked against the application.
    static func assembly(_ nameOrPath: String) throws(ProfileErrors) -> Assembly {
        try Assembly(
            try Profile.find(nameOrPath),
            handlers,
            needs: needs,
            interception: interception,
            policy: policy
        )
    }
}
