internal import ArgumentParser
internal import AuraEffects
internal import AuraRuntime

struct QueueCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "queue",
        abstract: "Send, receive and delete the messages of a profile's queue.",
        discussion: """
            Examples:
              aura cloud queue send 'order 7' --attribute kind=order --profile production
              aura cloud queue receive --visibility 5m --wait 20s --profile production
              aura cloud queue delete RECEIPT --profile production
            """,
        subcommands: [
            QueueSendCommand.self, QueueReceiveCommand.self, QueueDeleteCommand.self, QueueExtendCommand.self,
        ]
    )
}

struct QueueSendCommand: CloudServiceCommand {
    typealias Key = QueueEffect

    static let configuration = CommandConfiguration(
        commandName: "send",
        abstract: "Send a message from the command line or the standard input stream.",
        discussion: """
            Examples:
              aura cloud queue send 'order 7' --profile production
              aura cloud queue send --group customer-3 --deduplication-id order-7 --profile production < order.json
            """
    )

    static let use = Location.Use.orNew

    @OptionGroup var message: MessageBodyOptions

    @Option(help: ArgumentHelp("The group whose order the message keeps.", valueName: "name"))
    var group: String?

    @Option(help: ArgumentHelp("The name under which the message is taken once.", valueName: "name"))
    var deduplicationID: String?

    @Option(help: ArgumentHelp("How long the message waits first, such as 10s.", valueName: "time"))
    var delay = SpelledDuration(.zero)

    @OptionGroup var service: CloudOptions
    @OptionGroup var output: OutputOptions

    func run(_ opened: Opened<any MessageQueueEffects>) async throws {
        var sent = QueueMessage(
            try message.bytes(limit: opened.capabilities.limit(.messageBytes)),
            attributes: message.notes,
            group: group.map { MessageGroup(rawValue: $0) }
        )
        sent.deduplicationID = deduplicationID
        sent.delay = delay.duration
        let id = try await opened.handler.send(sent)
        output.print(["id": .string(id.rawValue), "bytes": .integer(sent.body.count)], text: "sent \(id)")
    }
}

struct QueueReceiveCommand: CloudServiceCommand {
    typealias Key = QueueEffect

    static let configuration = CommandConfiguration(
        commandName: "receive",
        abstract: "Receive messages and hide them from other receivers for a time.",
        discussion: """
            A message that is neither deleted nor extended comes again once its time is over. Of each the receipt is printed, \
            by which 'delete' and 'extend' know it. With --delete a message is deleted once it is printed.

            Examples:
              aura cloud queue receive --limit 10 --profile production --json
              aura cloud queue receive --dead-letters --delete --profile production
            """
    )

    @Option(help: "The most messages; there may be fewer although more wait.")
    var limit = 1

    @Option(help: ArgumentHelp("How long they are hidden.", valueName: "time"))
    var visibility = SpelledDuration(.seconds(30))

    @Option(help: ArgumentHelp("How long to wait where there is none.", valueName: "time"))
    var wait = SpelledDuration(.zero)

    @Flag(help: "Receive what was delivered too often and was put aside.")
    var deadLetters = false

    @Flag(help: "Delete each message once it is printed.")
    var delete = false

    @OptionGroup var service: CloudOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if limit < 1 { throw ValidationError("--limit must be at least 1.") }
    }

    func run(_ opened: Opened<any MessageQueueEffects>) async throws {
        let messages = try await opened.handler.receive(
            deadLetters ? .deadLetters : .messages,
            limit: limit,
            visibility: visibility.duration,
            wait: wait.duration
        )
        for message in messages {
            print(output.json ? message.json.line : message.lines)
            if delete { try await opened.handler.acknowledge(message) }
        }
    }
}

struct QueueDeleteCommand: CloudServiceCommand {
    typealias Key = QueueEffect

    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete messages that were dealt with, by their receipts.",
        discussion: """
            Examples:
              aura cloud queue delete RECEIPT --profile production
              aura cloud queue delete RECEIPT RECEIPT --profile production --json
            """
    )

    @Argument(help: "The receipts that 'receive' printed.")
    var receipts: [String]

    @OptionGroup var service: CloudOptions
    @OptionGroup var output: OutputOptions

    func run(_ opened: Opened<any MessageQueueEffects>) async throws {
        var failure: EffectError?
        for receipt in receipts {
            switch try await opened.handler.acknowledge([MessageReceipt(rawValue: receipt)])[0] {
            case .acknowledged:
                output.print(["receipt": .string(receipt), "deleted": .boolean(true)], text: "deleted one message")
            case .failed(let error): failure = error
            }
        }
        if let failure { throw failure }
    }
}

struct QueueExtendCommand: CloudServiceCommand {
    typealias Key = QueueEffect

    static let configuration = CommandConfiguration(
        commandName: "extend",
        abstract: "Hide a received message for longer, or give it back.",
        discussion: """
            Examples:
              aura cloud queue extend RECEIPT --by 5m --profile production
              aura cloud queue extend RECEIPT --by 0s --profile production
            """
    )

    @Argument(help: "The receipt that 'receive' printed.")
    var receipt: String

    @Option(help: ArgumentHelp("How long from now on; 0s gives it back.", valueName: "time"))
    var by: SpelledDuration

    @OptionGroup var service: CloudOptions
    @OptionGroup var output: OutputOptions

    func run(_ opened: Opened<any MessageQueueEffects>) async throws {
        try await opened.handler.extend(MessageReceipt(rawValue: receipt), by: by.duration)
        output.print(["receipt": .string(receipt)], text: by.duration == .zero ? "given back" : "extended")
    }
}
