internal import ArgumentParser
internal import AuraEffects
internal import AuraRuntime
internal import Logging

/// Where a journal or a storage is, as an argument of a command.
struct Location: ExpressibleByArgument, Sendable {
    let text: String

    init(argument: String) {
        text = argument
    }

    /// Whether a command may make what it names.
    enum Use {
        /// What is named must be there.
        case existing
        /// What is named is made where it is missing.
        case orNew
    }

    /// Checks the location for a family's handler.
    func located<Key: EffectKey>(_ key: Key.Type, _ use: Use) throws -> LocatedHandler {
        let located = try LocatedHandler(HandlerLocation(text), of: key, in: LinkedHandlers.registry)
        if use == .existing { try located.checkExists() }
        return located
    }

    /// Opens what is named for the time of `body`.
    func open<Key: EffectKey>(
        _ key: Key.Type,
        _ use: Use,
        logger: Logger,
        _ body: (Opened<Key.Handler>) async throws -> Void
    ) async throws {
        let located = try located(key, use)
        try await located.withHandler(key, logger: logger) { handler, effects in
            try await body(
                Opened(
                    handler: handler,
                    resolved: located.handler,
                    capabilities: located.capabilities,
                    effects: effects
                )
            )
        }
    }
}

/// An open journal or storage.
struct Opened<Handler: Sendable>: Sendable {
    let handler: Handler
    let resolved: ResolvedHandler
    let capabilities: Capabilities
    /// The system's time and random source.
    let effects: EffectSystem

    /// Shows how far a command is, on a terminal.
    var display: ProgressDisplay { ProgressDisplay(effects.time, showsLines: false) }
}

extension ArgumentHelp {
    static let journalLocation: ArgumentHelp = "The journal: HANDLER:PATH or profile:NAME."
    static let storageLocation: ArgumentHelp = "The storage: HANDLER:PATH or profile:NAME."
}

/// A command that opens things and listens to signals meanwhile.
protocol OpeningCommand: AsyncParsableCommand, Sendable {
    var output: OutputOptions { get }

    /// What the command does; it opens what it needs, and works inside ``StoppableProcess/cancellingAtStop(_:)``.
    func execute() async throws
}

extension OpeningCommand {
    func run() async throws {
        try await StoppableProcess.run(logger: output.logger) { try await execute() }
    }
}

/// A command that works on one journal or one storage.
protocol OneLocationCommand: OpeningCommand {
    associatedtype Key: EffectKey

    var location: Location { get }
    static var use: Location.Use { get }

    func run(_ opened: Opened<Key.Handler>) async throws
}

extension OneLocationCommand {
    static var use: Location.Use { .existing }

    func execute() async throws {
        try await location.open(Key.self, Self.use, logger: output.logger) { opened in
            try await StoppableProcess.cancellingAtStop { try await run(opened) }
        }
    }
}

protocol OneJournalCommand: OneLocationCommand where Key == JournalEffect {}

protocol OneStorageCommand: OneLocationCommand where Key == StorageEffect {}
