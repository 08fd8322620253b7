#if OpenSSL
public import AuraRuntime

/// The handlers on OpenSSL, as an application links them.
public struct OpenSSLHandlers: HandlerBundle {
    /// Creates the bundle.
    public init() {}

    /// The handlers.
    public var declarations: [HandlerDeclaration] { [] }
}
#endif
