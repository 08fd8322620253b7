internal import ArgumentParser
internal import AuraEffects
internal import AuraRuntime
internal import FieldnotesCore

/// What carries notices between commands.
struct NoticeOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The topic that carries notices, in place of the queue.", valueName: "name"))
    var topic: String?

    @Option(help: ArgumentHelp("The worker's own subscription of the topic.", valueName: "name"))
    var subscription = "fieldnotes-search"

    var channel: NoticeChannel {
        topic.map { .topic(TopicName(rawValue: $0), as: SubscriptionName(rawValue: subscription)) } ?? .queue
    }
}

struct AnnounceCommand: ApplicationCommand {
    typealias Application = Fieldnotes

    static let configuration = CommandConfiguration(
        commandName: "announce",
        abstract: "Tell workers that notes were written, by the profile's queue or a topic.",
        discussion: """
            What was announced is announced no more; where this is stopped in between, it is announced twice, which harms nobody.

            Examples:
              fieldnotes announce --profile server
              fieldnotes announce --topic notes --profile server --json
            """
    )

    @OptionGroup var notices: NoticeOptions

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var options: ApplicationOptions

    func run(_ effects: EffectSystem, _ context: ApplicationContext) async throws {
        let notice = try await ChangeAnnouncer(effects, on: notices.channel).announce()
        let position = notice.map { Int(clamping: $0.position.rawValue) }
        let value: JSONValue = ["announced": .optional(position)]
        print(json ? value.line : position.map { "announced up to entry \($0)" } ?? "nothing new")
    }
}

struct WorkCommand: ApplicationCommand {
    typealias Application = Fieldnotes

    static let configuration = CommandConfiguration(
        commandName: "work",
        abstract: "Keep the search index up to date by what is announced, until it is stopped.",
        discussion: """
            The worker shares the journal with those who write. What is no notice is put aside by a queue with dead letters, and \
            dropped after five deliveries otherwise. SIGTERM or Ctrl-C ends it, with exit code 0.

            Examples:
              fieldnotes work --profile server
              fieldnotes work --topic notes --subscription search-1 --profile server
              fieldnotes work --once --profile server --json
            """
    )

    @OptionGroup var notices: NoticeOptions

    @Flag(help: "End once nothing waits.")
    var once = false

    @Flag(help: "Print a line of JSON for each time that notices came.")
    var json = false

    @OptionGroup var options: ApplicationOptions

    func run(_ effects: EffectSystem, _ context: ApplicationContext) async throws {
        let worker = SearchWorker(effects, on: notices.channel)
        do {
            try await worker.prepare()
            while true {
                let report = try await worker.step(wait: once ? .zero : .seconds(20))
                if !report.isEmpty { show(report) } else if once { return }
            }
        } catch  where Task.isCancelled {
            // It ends like this when it is stopped.
        }
    }

    private func show(_ report: SearchWorker.Report) {
        let value: JSONValue = [
            "indexed": .integer(report.indexed), "repeated": .integer(report.repeated),
            "early": .integer(report.early), "refused": .integer(report.refused),
        ]
        let text =
            "notices: \(report.indexed) indexed, \(report.repeated) known, \(report.early) early, \(report.refused) refused"
        print(json ? value.line : text)
    }
}
