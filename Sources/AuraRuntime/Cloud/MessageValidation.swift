public import AuraEffects

/// The checks that every handler of messages makes before it acts, with the same codes and the same words.
public struct MessageValidation: Sendable {
    /// Makes the handler's errors.
    public let errors: HandlerErrors

    private let capabilities: Capabilities

    /// Creates the checks of a handler.
    ///
    /// - Parameters:
    ///   - errors: Makes the handler's errors.
    ///   - capabilities: What the handler declares.
    public init(errors: HandlerErrors, capabilities: Capabilities) {
        self.errors = errors
        self.capabilities = capabilities
    }

    /// Checks messages that are to be sent together.
    ///
    /// - Parameters:
    ///   - messages: The messages.
    ///   - operation: The operation's name.
    /// - Throws: ``EffectError`` with `invalidArgument` for too many, and one that is too large or has attributes, a delay or a group
    ///   that are none; `unsupported` for what the handler does not declare.
    public func check(_ messages: [QueueMessage], in operation: String) throws(EffectError) {
        try checkCount(messages.count, in: operation)
        for message in messages {
            let bytes = message.byteCount
            let most = capabilities.limit(.messageBytes)
            guard bytes <= most else {
                let message = "The message has \(bytes) bytes: the most is \(most). Store it, and send its name."
                throw refusal(operation, message)
            }
            let count = message.attributes.count
            guard count <= capabilities.limit(.messageAttributes) else {
                let most = capabilities.limit(.messageAttributes)
                throw refusal(operation, "The message has \(count) attributes: the most is \(most).")
            }
            try errors.check(attributes: message.attributes, in: operation)
            try check(message.delay, of: message.group, in: operation)
            if let id = message.deduplicationID {
                try errors.require(.deduplication, of: capabilities, in: operation)
                guard (1...128).contains(id.utf8.count), id.utf8.allSatisfy({ $0.isNameByte }) else {
                    throw refusal(operation, Self.nameMessage("deduplication id", id))
                }
            }
        }
    }

    /// Checks what is to be received.
    ///
    /// - Parameters:
    ///   - source: The messages, or the dead letters.
    ///   - limit: What the caller asked for.
    ///   - visibility: How long they shall be hidden.
    ///   - wait: How long to wait.
    ///   - operation: The operation's name.
    /// - Returns: The smaller of `limit` and the handler's own limit.
    /// - Throws: ``EffectError`` with `unsupported` or `invalidArgument`.
    public func receivable(
        _ source: QueueSource = .messages,
        limit: Int,
        visibility: Duration,
        wait: Duration,
        in operation: String
    ) throws(EffectError) -> Int {
        try errors.require(.receive, of: capabilities, in: operation)
        if source == .deadLetters { try errors.require(.deadLetters, of: capabilities, in: operation) }
        guard limit >= 1 else { throw refusal(operation, "The limit is \(limit): ask for at least 1.") }
        guard visibility > .zero else {
            let message = "The messages are to be hidden for \(visibility): hide them for more than nothing."
            throw refusal(operation, message)
        }
        try check(visibility, "The messages are to be hidden for", .visibilitySeconds, in: operation)
        try check(wait, "The call is to wait for", .waitSeconds, in: operation)
        return min(limit, capabilities.limit(.batchMessages))
    }

    /// Checks for how long a message shall be hidden anew.
    ///
    /// - Parameters:
    ///   - visibility: How long.
    ///   - operation: The operation's name.
    /// - Throws: ``EffectError`` with `unsupported` or `invalidArgument`.
    public func checkExtension(_ visibility: Duration, in operation: String) throws(EffectError) {
        try errors.require(.receive, of: capabilities, in: operation)
        try check(visibility, "The message is to be hidden for", .visibilitySeconds, in: operation)
    }

    /// Checks receipts that are to be acknowledged together.
    ///
    /// - Parameters:
    ///   - receipts: The receipts.
    ///   - operation: The operation's name.
    /// - Throws: ``EffectError`` with `unsupported` or `invalidArgument`.
    public func check(_ receipts: [MessageReceipt], in operation: String) throws(EffectError) {
        try errors.require(.receive, of: capabilities, in: operation)
        try checkCount(receipts.count, in: operation)
    }

    private func checkCount(_ count: Int, in operation: String) throws(EffectError) {
        let most = capabilities.limit(.batchMessages)
        guard count > most else { return }
        throw refusal(operation, "There are \(count) messages: the most in one call is \(most).")
    }

    private func check(_ delay: Duration, of group: MessageGroup?, in operation: String) throws(EffectError) {
        if delay != .zero {
            try errors.require(.delay, of: capabilities, in: operation)
            try check(delay, "The message is to wait for", .delaySeconds, in: operation)
        }
        guard let group else { return }
        try errors.require(.fifo, of: capabilities, in: operation)
        guard delay == .zero else {
            let message = "A message of a group is to wait, and would hold up those behind it: leave its delay out."
            throw refusal(operation, message)
        }
        guard (1...128).contains(group.rawValue.utf8.count), group.rawValue.utf8.allSatisfy({ $0.isNameByte }) else {
            throw refusal(operation, Self.nameMessage("group", group.rawValue))
        }
    }

    private func check(
        _ duration: Duration,
        _ what: String,
        _ limit: Limit,
        in operation: String
    ) throws(EffectError) {
        let most = capabilities.limits[limit].map { Duration.seconds($0) }
        if duration >= .zero, most.map({ duration <= $0 }) ?? true { return }
        let range = most.map { "from nothing to \($0)" } ?? "at least nothing"
        throw refusal(operation, "\(what) \(duration): it is \(range).")
    }

    private func refusal(_ operation: String, _ message: String) -> EffectError {
        errors.error(.invalidArgument, in: operation, message)
    }

    private static func nameMessage(_ what: String, _ name: String) -> String {
        "The \(what) \(HandlerErrors.quote(name)) is none: give 1 to 128 ASCII letters, digits, hyphens and underscores."
    }
}
