#if TLSNetwork
internal import AuraEffects
public import AuraRuntime

/// The network over TLS, as an application links it: `network`, named `tls` in profiles.
public struct TLSNetworkHandlers: HandlerBundle {
    /// Creates the bundle.
    public init() {}

    /// The network.
    public var declarations: [HandlerDeclaration] {
        [
            HandlerDeclaration(
                NetworkEffect.self,
                technology: TLSNetworkHandler.technology,
                summary: "Messages over TCP and TLS 1.3, between nodes that know each other by their keys.",
                settings: TLSNetworkSettings.declarations,
                capabilities: { settings, _ in
                    TLSNetworkHandler.capabilities(envelope: settings.byteCount("envelope") ?? .mebibytes(1))
                },
                derivedValues: { _, budget in
                    let window = TLSNetworkConfiguration.window(of: budget)
                    return [("window of a channel", "\(window)"), ("queue of a peer", "\(window)")]
                },
                make: { settings, context throws(EffectError) in
                    let configuration = try TLSNetworkSettings.configuration(settings, context.budget)
                    let handler = try await TLSNetworkHandler.open(configuration, context)
                    return ManagedHandler(handler) { await handler.close() }
                }
            )
        ]
    }
}
#endif
