internal import ArgumentParser
internal import AuraEffects
internal import AuraRuntime

struct TopicCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "topic",
        abstract: "Publish on the topics of a profile, and see to their subscriptions.",
        discussion: """
            Examples:
              aura cloud topic create orders --profile production
              aura cloud topic subscribe mailer orders --filter kind=paid --profile production
              aura cloud topic publish orders 'order 7' --attribute kind=paid --profile production
              aura cloud topic subscriptions orders --profile production
            """,
        subcommands: [
            TopicPublishCommand.self, TopicSubscriptionsCommand.self, TopicCreateCommand.self,
            TopicRemoveCommand.self, TopicSubscribeCommand.self, TopicUnsubscribeCommand.self,
        ]
    )
}

struct TopicPublishCommand: CloudServiceCommand {
    typealias Key = TopicsEffect

    static let configuration = CommandConfiguration(
        commandName: "publish",
        abstract: "Publish a message from the command line or the standard input stream.",
        discussion: """
            Exit code 66: there is no such topic.

            Examples:
              aura cloud topic publish orders 'order 7' --attribute kind=paid --profile production
              aura cloud topic publish orders --profile production < order.json
            """
    )

    @Argument(help: "The topic.")
    var topic: String

    @OptionGroup var message: MessageBodyOptions

    @Option(help: ArgumentHelp("The group whose order the message keeps.", valueName: "name"))
    var group: String?

    @OptionGroup var service: CloudOptions
    @OptionGroup var output: OutputOptions

    func run(_ opened: Opened<any PubSubEffects>) async throws {
        let published = TopicMessage(
            try message.bytes(limit: opened.capabilities.limit(.messageBytes)),
            attributes: message.notes,
            group: group.map { MessageGroup(rawValue: $0) }
        )
        let id = try await opened.handler.publish(published, to: TopicName(rawValue: topic))
        output.print(["id": .string(id.rawValue), "bytes": .integer(published.body.count)], text: "published \(id)")
    }
}

struct TopicSubscriptionsCommand: CloudServiceCommand {
    typealias Key = TopicsEffect

    static let configuration = CommandConfiguration(
        commandName: "subscriptions",
        abstract: "List the subscriptions of a topic in the order of their names.",
        discussion: """
            Exit code 66: there is no such topic.

            Examples:
              aura cloud topic subscriptions orders --profile production
              aura cloud topic subscriptions orders --profile production --json
            """
    )

    @Argument(help: "The topic.")
    var topic: String

    @OptionGroup var service: CloudOptions
    @OptionGroup var output: OutputOptions

    func run(_ opened: Opened<any PubSubEffects>) async throws {
        for subscription in try await opened.handler.subscriptions(of: TopicName(rawValue: topic)) {
            print(output.json ? subscription.json.line : subscription.line)
        }
    }
}

struct TopicCreateCommand: CloudServiceCommand {
    typealias Key = TopicsEffect

    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Create a topic; one that exists stays as it is.",
        discussion: """
            Examples:
              aura cloud topic create orders --profile production
            """
    )

    static let use = Location.Use.orNew

    @Argument(help: "The topic.")
    var topic: String

    @OptionGroup var service: CloudOptions
    @OptionGroup var output: OutputOptions

    func run(_ opened: Opened<any PubSubEffects>) async throws {
        try await opened.handler.createTopic(TopicName(rawValue: topic))
        output.print(["topic": .string(topic)], text: "topic \(topic)")
    }
}

struct TopicRemoveCommand: CloudServiceCommand {
    typealias Key = TopicsEffect

    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Remove a topic with its subscriptions and their messages; one that is not there stays away.",
        discussion: """
            Examples:
              aura cloud topic remove orders --profile production
            """
    )

    @Argument(help: "The topic.")
    var topic: String

    @OptionGroup var service: CloudOptions
    @OptionGroup var output: OutputOptions

    func run(_ opened: Opened<any PubSubEffects>) async throws {
        try await opened.handler.removeTopic(TopicName(rawValue: topic))
        output.print(["topic": .string(topic)], text: "removed \(topic)")
    }
}

struct TopicSubscribeCommand: CloudServiceCommand {
    typealias Key = TopicsEffect

    static let configuration = CommandConfiguration(
        commandName: "subscribe",
        abstract: "Create a subscription; an equal one that exists stays as it is.",
        discussion: """
            Without --push messages wait until somebody receives them.

            Examples:
              aura cloud topic subscribe mailer orders --filter kind=paid --filter kind=sent --profile production
              aura cloud topic subscribe hook orders --push https://example.com/orders --profile production
            """
    )

    @Argument(help: "The subscription's name.")
    var name: String

    @Argument(help: "The topic.")
    var topic: String

    @Option(help: ArgumentHelp("The address that the service sends messages to.", valueName: "address"))
    var push: String?

    @Option(
        help: ArgumentHelp(
            "Only messages that have this attribute with one of the values given for it.",
            valueName: "name=value"
        )
    )
    var filter: [NamedText] = []

    @OptionGroup var service: CloudOptions
    @OptionGroup var output: OutputOptions

    func run(_ opened: Opened<any PubSubEffects>) async throws {
        let subscription = Subscription(
            SubscriptionName(rawValue: name),
            to: TopicName(rawValue: topic),
            delivery: push.map { .push(to: $0) } ?? .pull,
            filter: filter.reduce(into: [:]) { $0[$1.name, default: []].append($1.text) }
        )
        try await opened.handler.subscribe(subscription)
        output.print(subscription.json, text: subscription.line)
    }
}

struct TopicUnsubscribeCommand: CloudServiceCommand {
    typealias Key = TopicsEffect

    static let configuration = CommandConfiguration(
        commandName: "unsubscribe",
        abstract: "End a subscription and drop its messages; one that is not there stays away.",
        discussion: """
            Examples:
              aura cloud topic unsubscribe mailer --profile production
            """
    )

    @Argument(help: "The subscription's name.")
    var name: String

    @OptionGroup var service: CloudOptions
    @OptionGroup var output: OutputOptions

    func run(_ opened: Opened<any PubSubEffects>) async throws {
        try await opened.handler.unsubscribe(SubscriptionName(rawValue: name))
        output.print(["subscription": .string(name)], text: "ended \(name)")
    }
}

extension Subscription {
    private var address: String? {
        guard case .push(let address) = delivery else { return nil }
        return address
    }

    /// The subscription as an object.
    var json: JSONValue {
        let filters = filter.sorted { $0.key < $1.key }
            .map { JSONValue.Member(key: $0.key, value: .array($0.value.map { .string($0) })) }
        return [
            "name": .string(name.rawValue), "topic": .string(topic.rawValue), "push": .optional(address),
            "filter": .object(filters),
        ]
    }

    /// The subscription on a line for people.
    var line: String {
        let filters = filter.sorted { $0.key < $1.key }
            .map { "  \($0.key)=\(BytesText.printable($0.value.joined(separator: "|")))" }
        return "\(name)  \(address.map { "pushed to \(BytesText.printable($0))" } ?? "pulled")\(filters.joined())"
    }
}
