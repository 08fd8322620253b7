internal import ArgumentParser
internal import AuraEffects
internal import AuraRuntime

/// A command that works on one service of a profile's cloud.
protocol CloudServiceCommand: OpeningCommand {
    associatedtype Key: EffectKey

    var service: CloudOptions { get }
    static var use: Location.Use { get }

    func run(_ opened: Opened<Key.Handler>) async throws
}

extension CloudServiceCommand {
    static var use: Location.Use { .existing }

    func execute() async throws {
        try await service.location.open(Key.self, Self.use, logger: output.logger) { opened in
            try await StoppableProcess.cancellingAtStop { try await run(opened) }
        }
    }
}

extension JSONValue {
    /// An object of texts, in the order of their names.
    static func texts(_ texts: [String: String]) -> JSONValue {
        .object(texts.sorted { $0.key < $1.key }.map { Member(key: $0.key, value: .string($0.value)) })
    }
}

/// A body on the command line or from the standard input stream, and the notes beside it.
struct MessageBodyOptions: ParsableArguments {
    @Argument(help: "The body; without it the standard input stream is read.")
    var body: String?

    @Option(
        name: .customLong("attribute"),
        help: ArgumentHelp("A note beside the body; may be given several times.", valueName: "name=value")
    )
    var attributes: [NamedText] = []

    /// The body's bytes, at most so many.
    func bytes(limit: Int) throws(EffectError) -> [UInt8] {
        if let body { return Array(body.utf8) }
        if let bytes = try Terminal.input(limit: limit) { return bytes }
        throw EffectError(
            .invalidArgument,
            "The body is larger than the \(ByteCount(bytes: limit)) that the service takes. Nothing was sent."
        )
    }

    /// The notes by their names; of two of one name the last counts.
    var notes: [String: String] { attributes.reduce(into: [:]) { $0[$1.name] = $1.text } }
}

/// A name and a text, written `name=text`.
struct NamedText: ExpressibleByArgument, Sendable {
    let name: String
    let text: String

    init?(argument: String) {
        guard let mark = argument.firstIndex(of: "="), mark > argument.startIndex else { return nil }
        name = String(argument[..<mark])
        text = String(argument[argument.index(after: mark)...])
    }
}

/// A span of time, written with a unit.
struct SpelledDuration: ExpressibleByArgument, Sendable {
    let duration: Duration

    init(_ duration: Duration) {
        self.duration = duration
    }

    init?(argument: String) {
        guard let duration = Duration(spelled: argument) else { return nil }
        self.duration = duration
    }

    var defaultValueDescription: String { "\(duration.components.seconds)s" }
}

extension ReceivedMessage {
    /// A message that was received, as an object.
    var json: JSONValue {
        .object([
            JSONValue.Member(key: "id", value: .string(id.rawValue)),
            JSONValue.Member(key: "receipt", value: .string(receipt.rawValue)),
            JSONValue.Member(key: "body", value: .object([BytesText.json(body)])),
            JSONValue.Member(key: "attributes", value: .texts(attributes)),
            JSONValue.Member(key: "group", value: .optional(group?.rawValue)),
            JSONValue.Member(key: "deliveries", value: .integer(deliveryCount)),
            JSONValue.Member(
                key: "sent",
                value: .string(UTCTime.iso(UInt64(max(0, sent.nanosecondsSinceEpoch / 1_000_000))))
            ),
        ])
    }

    /// A message that was received, on two lines for people.
    var lines: String {
        let notes = attributes.sorted { $0.key < $1.key }.map { " \($0.key)=\(BytesText.printable($0.value))" }.joined()
        return "\(BytesText.printable(receipt.rawValue))\n  \(BytesText.line(body))\(notes)"
    }
}
