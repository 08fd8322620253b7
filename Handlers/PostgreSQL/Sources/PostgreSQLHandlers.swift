#if PostgreSQL
internal import AuraEffects
public import AuraRuntime

/// The handlers on PostgreSQL, as an application links them: `journal` and `storage`, both named `postgresql` in profiles.
public struct PostgreSQLHandlers: HandlerBundle {
    /// Creates the bundle.
    public init() {}

    /// Journal and storage.
    public var declarations: [HandlerDeclaration] { [] }
}
#endif
