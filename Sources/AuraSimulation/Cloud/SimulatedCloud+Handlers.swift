internal import AuraEffects
public import AuraMemory
public import AuraRuntime

extension SimulatedCloud {
    /// A bucket as one node sees it.
    ///
    /// - Parameters:
    ///   - caller: The node's name.
    ///   - name: The bucket's name.
    /// - Returns: The handler.
    public func objects(for caller: String, name: String = defaultName) -> SimulatedObjectStorageHandler {
        SimulatedObjectStorageHandler(name, for: caller, in: self)
    }

    /// A table as one node sees it.
    ///
    /// - Parameters:
    ///   - caller: The node's name.
    ///   - name: The table's name.
    /// - Returns: The handler.
    public func keyValues(for caller: String, name: String = defaultName) -> SimulatedKeyValueHandler {
        SimulatedKeyValueHandler(name, for: caller, in: self)
    }

    /// A queue as one node sees it.
    ///
    /// - Parameters:
    ///   - caller: The node's name.
    ///   - name: The queue's name.
    ///   - order: What it promises of its messages: the same for every handler of the queue.
    ///   - deliveries: How often a message is delivered before it becomes a dead letter: the same for every handler of the queue.
    /// - Returns: The handler.
    public func queue(
        for caller: String,
        name: String = defaultName,
        _ order: MessageOrder = .standard,
        deliveries: Int = MemoryQueueHandler.defaultDeliveries
    ) -> SimulatedQueueHandler {
        SimulatedQueueHandler(name, order, deliveries: deliveries, for: caller, in: self)
    }

    /// Topics as one node sees them.
    ///
    /// - Parameters:
    ///   - caller: The node's name.
    ///   - name: The name of this set of topics.
    ///   - order: What they promise of their messages: the same for every handler of them.
    /// - Returns: The handler.
    public func topics(
        for caller: String,
        name: String = defaultName,
        _ order: MessageOrder = .standard
    ) -> SimulatedPubSubHandler {
        SimulatedPubSubHandler(name, order, for: caller, in: self)
    }

    /// The functions as one node sees them.
    ///
    /// - Parameter caller: The node's name.
    /// - Returns: The handler.
    public func functionRunner(for caller: String) -> SimulatedFunctionHandler {
        SimulatedFunctionHandler(for: caller, in: self)
    }
}

/// The services of a ``SimulatedCloud`` as a profile names them: `simulated`.
///
/// A ``World`` gives them to its nodes; a test without a world adds them to its registry.
public struct SimulatedCloudHandlers: HandlerBundle {
    private let cloud: SimulatedCloud
    private let caller: String

    /// Creates the bundle.
    ///
    /// - Parameters:
    ///   - cloud: The cloud.
    ///   - caller: The name of the node that uses it.
    public init(_ cloud: SimulatedCloud, for caller: String) {
        self.cloud = cloud
        self.caller = caller
    }

    /// Objects, key-values, a queue, topics and functions.
    public var declarations: [HandlerDeclaration] { [objects, keyValues, queue, topics, functions] }

    private static func nameSetting(_ what: String) -> SettingDeclaration {
        .optional("name", .string, default: SimulatedCloud.defaultName, "The name of the \(what) in the cloud.")
    }

    private static let orderSetting = SettingDeclaration.optional(
        "order",
        .choice(MessageOrder.allCases.map(\.rawValue)),
        default: MessageOrder.standard.rawValue,
        "Whether messages of a group come in order, once each at a time; otherwise they may come twice and in any order."
    )

    private static func name(_ settings: HandlerSettings) -> String {
        settings.string("name") ?? SimulatedCloud.defaultName
    }

    private static func order(_ settings: HandlerSettings) -> MessageOrder {
        settings.string("order").flatMap { MessageOrder(rawValue: $0) } ?? .standard
    }

    private static func deliveries(_ settings: HandlerSettings) -> Int {
        settings.integer("deliveries") ?? MemoryQueueHandler.defaultDeliveries
    }

    private var objects: HandlerDeclaration {
        HandlerDeclaration(
            ObjectsEffect.self,
            technology: SimulatedCloud.technology,
            summary: "A bucket of the world's cloud.",
            settings: [Self.nameSetting("bucket")],
            capabilities: { _, _ in SimulatedObjectStorageHandler.capabilities },
            make: { [cloud, caller] settings, _ throws(EffectError) in
                ManagedHandler(cloud.objects(for: caller, name: Self.name(settings)))
            }
        )
    }

    private var keyValues: HandlerDeclaration {
        HandlerDeclaration(
            KeyValuesEffect.self,
            technology: SimulatedCloud.technology,
            summary: "A table of the world's cloud.",
            settings: [Self.nameSetting("table")],
            capabilities: { _, _ in SimulatedKeyValueHandler.capabilities },
            make: { [cloud, caller] settings, _ throws(EffectError) in
                ManagedHandler(cloud.keyValues(for: caller, name: Self.name(settings)))
            }
        )
    }

    private var queue: HandlerDeclaration {
        HandlerDeclaration(
            QueueEffect.self,
            technology: SimulatedCloud.technology,
            summary: "A queue of the world's cloud.",
            settings: [
                Self.nameSetting("queue"), Self.orderSetting,
                .optional(
                    "deliveries",
                    .integer(1...1000),
                    default: String(MemoryQueueHandler.defaultDeliveries),
                    "How often a message is delivered before it becomes a dead letter."
                ),
            ],
            capabilities: { settings, _ in
                SimulatedQueueHandler.capabilities(Self.order(settings), deliveries: Self.deliveries(settings))
            },
            make: { [cloud, caller] settings, _ throws(EffectError) in
                let (name, order) = (Self.name(settings), Self.order(settings))
                return ManagedHandler(
                    cloud.queue(for: caller, name: name, order, deliveries: Self.deliveries(settings))
                )
            }
        )
    }

    private var topics: HandlerDeclaration {
        HandlerDeclaration(
            TopicsEffect.self,
            technology: SimulatedCloud.technology,
            summary: "Topics of the world's cloud.",
            settings: [Self.nameSetting("topics"), Self.orderSetting],
            capabilities: { settings, _ in SimulatedPubSubHandler.capabilities(Self.order(settings)) },
            make: { [cloud, caller] settings, _ throws(EffectError) in
                ManagedHandler(cloud.topics(for: caller, name: Self.name(settings), Self.order(settings)))
            }
        )
    }

    private var functions: HandlerDeclaration {
        HandlerDeclaration(
            FunctionsEffect.self,
            technology: SimulatedCloud.technology,
            summary: "Functions that the world's cloud runs.",
            capabilities: { _, _ in SimulatedFunctionHandler.capabilities },
            make: { [cloud, caller] _, _ throws(EffectError) in ManagedHandler(cloud.functionRunner(for: caller)) }
        )
    }
}
