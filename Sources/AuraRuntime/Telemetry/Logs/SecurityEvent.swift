internal import AuraEffects
public import Logging

/// Something that a security team wants to hear of, written to the log with fixed keys so that an alerting rule finds it.
///
/// The names are those of OWASP's Logging Vocabulary Cheat Sheet
/// (https://cheatsheetseries.owasp.org/cheatsheets/Logging_Vocabulary_Cheat_Sheet.html) where it has one; those that it
/// lacks are formed in its manner. A rule matches `metadata["security.event"]`.
public struct SecurityEvent: Sendable, Hashable {
    /// What kind of event it is: an open set, so that it can grow.
    public struct Kind: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
        /// The event's name in the log.
        public let rawValue: String

        /// Creates a kind from its name.
        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// The event's name in the log.
        public var description: String { rawValue }

        /// Somebody could not prove who they are: OWASP's `authn_login_fail`.
        public static let authenticationFailed = Kind(rawValue: "authn_login_fail")
        /// Somebody may not do what they asked for: OWASP's `authz_fail`.
        public static let authorizationDenied = Kind(rawValue: "authz_fail")
        /// A secret was read: OWASP's `sensitive_read`.
        public static let secretRead = Kind(rawValue: "sensitive_read")
        /// Somebody asked for more than a limit allows: OWASP's `excess_rate_limit_exceeded`.
        public static let rateLimitExceeded = Kind(rawValue: "excess_rate_limit_exceeded")
        /// Stored or received data is not what was written: not in OWASP's vocabulary.
        public static let integrityViolation = Kind(rawValue: "integrity_fail")
        /// A rule of the profile or of the application was broken: not in OWASP's vocabulary.
        public static let policyViolation = Kind(rawValue: "policy_fail")
    }

    /// What kind of event it is.
    public var kind: Kind
    /// The effect's name; empty where none is concerned.
    public var effect: String
    /// The operation's name; empty where none is concerned.
    public var operation: String
    /// The handler's technology; empty where none is concerned.
    public var handler: String
    /// What the event is about, such as a storage key or a secret's name; empty where nobody asked for it.
    public var resource: String
    /// What happened, in a sentence without secrets.
    public var reason: String

    /// Creates an event.
    public init(
        _ kind: Kind,
        effect: String = "",
        operation: String = "",
        handler: String = "",
        resource: String = "",
        reason: String = ""
    ) {
        self.kind = kind
        self.effect = effect
        self.operation = operation
        self.handler = handler
        self.resource = resource
        self.reason = reason
    }

    /// Writes the event to the log.
    ///
    /// The level is `warning`, but `critical` for an ``Kind/integrityViolation`` and `info` for a ``Kind/secretRead``.
    public func log(to logger: Logger) {
        var metadata: Logger.Metadata = ["security.event": "\(kind)"]
        let parts = [
            ("effect", effect), ("operation", operation), ("handler", handler), ("resource", resource),
            ("reason", reason),
        ]
        for (key, value) in parts where !value.isEmpty { metadata["security.\(key)"] = "\(value)" }
        logger.log(level: level, "security event: \(kind)", metadata: metadata)
    }

    private var level: Logger.Level {
        switch kind {
        case .integrityViolation: .critical
        case .secretRead: .info
        default: .warning
        }
    }
}

extension SecurityEvent {
    /// The event that a failed call is; `nil` where its error says nothing about security.
    ///
    /// - Parameters:
    ///   - error: The error.
    ///   - call: The call.
    ///   - showsResource: Whether the event names what the call was about.
    init?(_ error: EffectError, of call: EffectCall, showsResource: Bool) {
        let kind: Kind
        switch error.code {
        case .unauthenticated: kind = .authenticationFailed
        case .permissionDenied: kind = .authorizationDenied
        case .corrupted: kind = .integrityViolation
        default: return nil
        }
        self.init(
            kind,
            effect: call.operation.effect,
            operation: call.operation.name,
            handler: error.handler,
            resource: showsResource ? call.resource : "",
            reason: error.message
        )
    }
}
