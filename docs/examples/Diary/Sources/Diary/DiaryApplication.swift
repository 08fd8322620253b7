import ArgumentParser
import AuraEffects
import AuraMemory
import AuraRuntime
import AuraSQLite
import AuraSystem

@main
struct DiaryApplication: AuraApplication {
    static let name = "diary"
    static let abstract = "Keeps a diary."
    static let needs: EffectNeeds = [.journal(.durable), .time, .random]
    static let handlers = HandlerRegistry {
        MemoryHandlers()
        SQLiteHandlers()
        SystemHandlers()
    }
    static let commands: [any ApplicationCommand.Type] = [Add.self, Show.self]
}

struct Add: ApplicationCommand {
    typealias Application = DiaryApplication
    static let configuration = CommandConfiguration(abstract: "Add a line.")

    @OptionGroup var options: ApplicationOptions
    @Argument(help: "The line.") var text: String

    func run(_ effects: EffectSystem, _ context: ApplicationContext) async throws {
        try await Diary(effects: effects).add(text)
        print("kept on the profile \(context.profile.name)")
    }
}

struct Show: ApplicationCommand {
    typealias Application = DiaryApplication
    static let configuration = CommandConfiguration(abstract: "Show the last lines.")

    @OptionGroup var options: ApplicationOptions

    func run(_ effects: EffectSystem, _ context: ApplicationContext) async throws {
        for line in try await Diary(effects: effects).last(10) { print(line) }
    }
}
