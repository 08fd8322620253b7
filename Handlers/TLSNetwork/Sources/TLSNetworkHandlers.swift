#if TLSNetwork
public import AuraRuntime

/// The handlers on TLSNetwork, as an application links them.
public struct TLSNetworkHandlers: HandlerBundle {
    /// Creates the bundle.
    public init() {}

    /// The handlers.
    public var declarations: [HandlerDeclaration] { [] }
}
#endif
