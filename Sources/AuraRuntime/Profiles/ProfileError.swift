/// One thing that is wrong with a profile: what, where, and what to do next.
///
/// Its description holds no secret and reads like a compiler's message:
/// `Profiles/dev.yaml:4:3: journal.pth: unknown setting; did you mean 'path'? 'sqlite' takes: path, synchronous`.
public struct ProfileError: Error, Sendable, Hashable {
    /// What kind of mistake it is: an open set, so that it can grow.
    public struct Code: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
        /// The code's name.
        public let rawValue: String

        /// Creates a code from its name.
        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// The code's name.
        public var description: String { rawValue }

        /// There is no such profile.
        public static let notFound = Code(rawValue: "notFound")
        /// A file cannot be read.
        public static let unreadable = Code(rawValue: "unreadable")
        /// A file is not YAML, or not of a profile's form.
        public static let malformed = Code(rawValue: "malformed")
        /// Profiles extend each other in a circle.
        public static let cycle = Code(rawValue: "cycle")
        /// A key that nothing takes.
        public static let unknownKey = Code(rawValue: "unknownKey")
        /// A handler that the application does not link.
        public static let unknownHandler = Code(rawValue: "unknownHandler")
        /// A key that must be there is not.
        public static let missingKey = Code(rawValue: "missingKey")
        /// A value that its key does not take.
        public static let invalidValue = Code(rawValue: "invalidValue")
        /// A secret that is nowhere to be found, or that others can read.
        public static let secret = Code(rawValue: "secret")
        /// A need of the application that the profile does not meet.
        public static let needNotMet = Code(rawValue: "needNotMet")
        /// Something is waived that may not be.
        public static let waiveRefused = Code(rawValue: "waiveRefused")
    }

    /// What kind of mistake it is.
    public var code: Code
    /// Where it is.
    public var place: SettingPlace
    /// The key, with dots between its parts; empty where the file as a whole is meant.
    public var key: String
    /// What is wrong and what to do next.
    public var message: String

    /// Creates an error.
    ///
    /// - Parameters:
    ///   - code: What kind of mistake it is.
    ///   - place: Where it is.
    ///   - key: The key, with dots between its parts.
    ///   - message: What is wrong and what to do next; no secret.
    public init(_ code: Code, at place: SettingPlace, key: String = "", _ message: String) {
        self.code = code
        self.place = place
        self.key = key
        self.message = message
    }
}

extension ProfileError: CustomStringConvertible {
    /// The mistake in one line.
    public var description: String {
        key.isEmpty ? "\(place): \(message)" : "\(place): \(key): \(message)"
    }
}

/// Everything that is wrong with a profile, in the order of the file.
public struct ProfileErrors: Error, Sendable, Hashable, CustomStringConvertible {
    /// The mistakes; never empty.
    public let errors: [ProfileError]

    /// Creates the list.
    ///
    /// - Parameter errors: The mistakes; not empty.
    public init(_ errors: [ProfileError]) {
        precondition(!errors.isEmpty, "There is no mistake to report.")
        self.errors = errors
    }

    init(_ code: ProfileError.Code, at place: SettingPlace, key: String = "", _ message: String) {
        self.init([ProfileError(code, at: place, key: key, message)])
    }

    /// A line per mistake.
    public var description: String {
        errors.map(\.description).joined(separator: "\n")
    }
}
