public import AuraEffects

/// The care of the tables that a handler keeps in a database server: which version they have, and bringing them up to
/// date.
///
/// During a rolling update code of two versions works on the same tables; ``Status`` tells whether it can.
public struct SchemaMaintenance: Sendable {
    /// What the tables are like, seen from this code.
    public struct Status: Sendable, Hashable {
        /// The database as messages name it; nothing in it is secret.
        public var database: String
        /// The schema that holds the tables.
        public var schema: String
        /// The version of the tables; 0 where there are none.
        public var version: Int
        /// The oldest version of the code that works with the tables.
        public var compatibleFrom: Int
        /// The version that this code makes.
        public var codeVersion: Int

        /// Creates a status.
        public init(database: String, schema: String, version: Int, compatibleFrom: Int, codeVersion: Int) {
            self.database = database
            self.schema = schema
            self.version = version
            self.compatibleFrom = compatibleFrom
            self.codeVersion = codeVersion
        }

        /// Whether a migration would change anything.
        public var isBehind: Bool { version < codeVersion }

        /// Whether this code works with the tables as they are.
        public var isUsable: Bool { !isBehind && compatibleFrom <= codeVersion }
    }

    /// An operation on the tables under a handler's settings.
    public typealias Operation = @Sendable (HandlerSettings, HandlerContext) async throws(EffectError) -> Status

    /// Looks, and changes nothing.
    public let status: Operation

    /// Brings the tables up to date; its answer is the status from before.
    ///
    /// Of several processes that migrate at once one does it and the others wait.
    public let migrate: Operation

    /// Creates the care of a handler's tables.
    public init(status: @escaping Operation, migrate: @escaping Operation) {
        self.status = status
        self.migrate = migrate
    }
}
