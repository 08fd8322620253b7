extension Capability {
    /// A revision of an object never comes back.
    ///
    /// Without it, as with a service that derives revisions from the content, equal revisions of a key mean equal bytes.
    public static let uniqueRevisions = Capability(rawValue: "uniqueRevisions")
    /// An object is removed only where it has a given revision.
    public static let conditionalRemoval = Capability(rawValue: "conditionalRemoval")
    /// Keys of objects may have control characters, and be `.` or `..`.
    public static let arbitraryKeys = Capability(rawValue: "arbitraryKeys")
    /// A listing is in the order of the keys' bytes.
    public static let orderedListing = Capability(rawValue: "orderedListing")
    /// Addresses give access to single objects for a time.
    public static let presignedURLs = Capability(rawValue: "presignedURLs")
    /// Items can be read as the last change that has ended left them.
    public static let strongReads = Capability(rawValue: "strongReads")
    /// Messages can be received here, not only sent.
    public static let receive = Capability(rawValue: "receive")
    /// No two receivers have one message at the same time.
    public static let exclusiveDelivery = Capability(rawValue: "exclusiveDelivery")
    /// Messages of a group are delivered in the order in which they were sent.
    public static let fifo = Capability(rawValue: "fifo")
    /// A message may wait before it is delivered first.
    public static let delay = Capability(rawValue: "delay")
    /// A message that is sent again under its name is taken once.
    public static let deduplication = Capability(rawValue: "deduplication")
    /// Messages that were delivered too often are put aside, and can be received from there.
    public static let deadLetters = Capability(rawValue: "deadLetters")
    /// Messages of a subscription are sent to an address.
    public static let push = Capability(rawValue: "push")
    /// A subscription may be of some of a topic's messages only.
    public static let filters = Capability(rawValue: "filters")
    /// A function runs without anybody waiting for it.
    public static let invokeAsync = Capability(rawValue: "invokeAsync")
}

extension Limit {
    /// The largest object that one call stores, in bytes.
    public static let objectBytes = Limit(rawValue: "objectBytes")
    /// The most UTF-8 bytes that the names and values of an object's attributes have together.
    public static let metadataBytes = Limit(rawValue: "metadataBytes")
    /// The highest number of an upload's part.
    public static let uploadParts = Limit(rawValue: "uploadParts")
    /// The largest part of an upload, in bytes.
    public static let partBytes = Limit(rawValue: "partBytes")
    /// The smallest part of an upload but its last one, in bytes; not declared where there is none.
    public static let leastPartBytes = Limit(rawValue: "leastPartBytes")
    /// The longest time that a presigned address is good for, in seconds.
    public static let presignedSeconds = Limit(rawValue: "presignedSeconds")
    /// The longest partition key of an item, in UTF-8 bytes.
    public static let partitionKeyBytes = Limit(rawValue: "partitionKeyBytes")
    /// The longest sort key of an item, in UTF-8 bytes.
    public static let sortKeyBytes = Limit(rawValue: "sortKeyBytes")
    /// The largest item, as ``Item/byteCount`` counts it.
    public static let itemBytes = Limit(rawValue: "itemBytes")
    /// How many lists and maps of an item may lie within each other.
    public static let valueDepth = Limit(rawValue: "valueDepth")
    /// The largest message, in bytes of its body and its attributes.
    public static let messageBytes = Limit(rawValue: "messageBytes")
    /// The most attributes of a message.
    public static let messageAttributes = Limit(rawValue: "messageAttributes")
    /// The most messages that one call sends, receives or acknowledges; a larger wish to receive gets so many.
    public static let batchMessages = Limit(rawValue: "batchMessages")
    /// The longest that a message waits before it is delivered first, in seconds.
    public static let delaySeconds = Limit(rawValue: "delaySeconds")
    /// The longest that a received message is hidden, in seconds.
    public static let visibilitySeconds = Limit(rawValue: "visibilitySeconds")
    /// The longest that a call waits for messages, in seconds.
    public static let waitSeconds = Limit(rawValue: "waitSeconds")
    /// How often a message is delivered before it becomes a dead letter.
    public static let deliveries = Limit(rawValue: "deliveries")
    /// How long a message that is sent again under its name is known, in seconds.
    public static let deduplicationSeconds = Limit(rawValue: "deduplicationSeconds")
    /// The largest payload of a function whose answer is waited for, in bytes.
    public static let requestBytes = Limit(rawValue: "requestBytes")
    /// The largest payload of a function that nobody waits for, in bytes.
    public static let asyncPayloadBytes = Limit(rawValue: "asyncPayloadBytes")
}
