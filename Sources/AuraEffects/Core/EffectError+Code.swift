extension EffectError {
    /// What kind of failure an error is: an open set, so that it can grow.
    public struct Code: RawRepresentable, Hashable, Sendable, Codable, CustomStringConvertible {
        /// The code's name.
        public let rawValue: String

        /// Creates a code from its name.
        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// The code's name.
        public var description: String { rawValue }

        /// What was asked for does not exist.
        public static let notFound = Code(rawValue: "notFound")
        /// What was given contradicts what is known, such as other content under a known id.
        public static let conflict = Code(rawValue: "conflict")
        /// A condition that the caller stated does not hold, such as an expected revision.
        public static let preconditionFailed = Code(rawValue: "preconditionFailed")
        /// The entries asked for were compacted away; their snapshot is what is left.
        public static let compacted = Code(rawValue: "compacted")
        /// An argument is out of what the handler takes; the call can never succeed as it is.
        public static let invalidArgument = Code(rawValue: "invalidArgument")
        /// The other side does not know who is calling.
        public static let unauthenticated = Code(rawValue: "unauthenticated")
        /// The caller may not do this.
        public static let permissionDenied = Code(rawValue: "permissionDenied")
        /// A disk, a queue or a quota is full.
        public static let resourceExhausted = Code(rawValue: "resourceExhausted")
        /// The other side asks for fewer calls.
        public static let throttled = Code(rawValue: "throttled")
        /// The other side cannot be reached now.
        public static let unavailable = Code(rawValue: "unavailable")
        /// The time for the call ran out.
        public static let deadlineExceeded = Code(rawValue: "deadlineExceeded")
        /// The calling task was cancelled.
        public static let cancelled = Code(rawValue: "cancelled")
        /// Stored data is damaged.
        public static let corrupted = Code(rawValue: "corrupted")
        /// The handler does not declare the capability that the call needs.
        public static let unsupported = Code(rawValue: "unsupported")
        /// No handler was given for the effect.
        public static let unimplemented = Code(rawValue: "unimplemented")
        /// A defect of the handler.
        public static let `internal` = Code(rawValue: "internal")

        var isUsuallyRetryable: Bool {
            switch self {
            case .resourceExhausted, .throttled, .unavailable, .deadlineExceeded: true
            default: false
            }
        }
    }
}
