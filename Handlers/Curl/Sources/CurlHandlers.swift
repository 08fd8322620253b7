#if Curl
internal import AuraEffects
public import AuraRuntime

/// HTTP over libcurl, as an application links it: `http`, named `curl` in profiles.
public struct CurlHandlers: HandlerBundle {
    /// Creates the bundle.
    public init() {}

    /// HTTP.
    public var declarations: [HandlerDeclaration] {
        [
            HandlerDeclaration(
                HTTPEffect.self,
                technology: CurlHTTPHandler.technology,
                summary: "HTTP/1.1 and HTTP/2 over libcurl.",
                settings: CurlSettings.declarations,
                capabilities: { settings, budget in
                    CurlHTTPHandler.capabilities(
                        of: CurlSettings.version(settings, budget),
                        responseFields: settings.byteCount("responseFields") ?? CurlConfiguration.responseFields
                    )
                },
                derivedValues: { settings, budget in
                    let configuration = CurlConfiguration(budget: budget)
                    return [
                        ("connections", "\(settings.integer("connections") ?? configuration.connections)"),
                        ("buffer of a body", "\(configuration.bodyBuffer)"),
                    ]
                },
                make: { settings, context throws(EffectError) in
                    let configuration = try CurlSettings.configuration(settings, context.budget)
                    let handler = try CurlHTTPHandler(configuration, context)
                    return ManagedHandler(handler) { await handler.close() }
                }
            )
        ]
    }
}
#endif
