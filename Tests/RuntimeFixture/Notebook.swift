internal import ArgumentParser
public import AuraEffects
public import AuraRuntime

/// The application that the runtime's tests run, in their own process and as one of its own.
@main
public struct Notebook: AuraApplication {
    /// `notebook`.
    public static let name = "notebook"
    /// One line.
    public static let abstract = "Keeps notes."
    /// An example.
    public static let discussion = "Example: notebook add 'a note' --profile dev"
    /// Durable notes, time and random.
    public static let needs: EffectNeeds = [EffectNeed(NotesEffect.self, [.durable]), .time, .random]
    /// The fixture's handlers.
    public static let handlers = HandlerRegistry { FixtureHandlers() }
    /// Two commands.
    public static var commands: [any ApplicationCommand.Type] { [Add.self, Wait.self] }

    /// Creates the application.
    public init() {}
}

struct Add: ApplicationCommand {
    typealias Application = Notebook
    static let configuration = CommandConfiguration(abstract: "Add a note.")

    @OptionGroup var options: ApplicationOptions

    @Argument(help: "The note.")
    var text: String

    func validate() throws {
        if text.isEmpty { throw ValidationError("A note is not empty.") }
    }

    func run(_ effects: EffectSystem, _ context: ApplicationContext) async throws {
        guard text != "nothing" else { throw EffectError(.notFound, "There is nothing to add.", effect: "notes") }
        try await effects.notes.add(text)
        print("\(effects.notes.count) note on \(context.profile.name)")
    }
}

struct Wait: ApplicationCommand {
    typealias Application = Notebook
    static let configuration = CommandConfiguration(abstract: "Wait until asked to stop.")

    @OptionGroup var options: ApplicationOptions

    func run(_ effects: EffectSystem, _ context: ApplicationContext) async throws {
        // Written past the buffer, so that the test sees it at once.
        writeNow("waiting\n")
        do {
            try await effects.time.sleep(for: .seconds(60))
        } catch {
            writeNow("asked to stop\n")
            throw error
        }
    }
}
