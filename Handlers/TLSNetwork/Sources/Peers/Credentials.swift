#if TLSNetwork
internal import AuraEffects
internal import AuraRuntime
internal import Logging
internal import OpenSSLSupport

/// Reads identity and trust, now and whenever their files change, on an executor of its own: files may be slow.
actor Credentials {
    private let executor: any SerialExecutor
    private let configuration: TLSNetworkConfiguration
    private let time: any TimeEffects
    private let logger: Logger
    private var identity: NodeIdentity?
    private var trust: TrustStore?

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    init(_ configuration: TLSNetworkConfiguration, _ context: HandlerContext) {
        executor = context.executors.makeExecutor(label: "aura.network.credentials")
        self.configuration = configuration
        time = context.time
        logger = context.logger
    }

    /// Reads both folders.
    ///
    /// - Returns: What connections are secured with.
    /// - Throws: ``EffectError`` where a file cannot be used.
    func load() throws(EffectError) -> TLSContext {
        do throws(EffectError) {
            let identity = try NodeIdentity(folder: configuration.identity)
            let trust = try TrustStore(folder: configuration.trust)
            let context = try TLSContext(identity, trust, time: time)
            self.identity = identity
            self.trust = trust
            for warning in identity.warnings(at: time.now) { logger.warning("\(warning)") }
            return context
        } catch {
            throw EffectError(
                error.code,
                error.message,
                effect: NetworkEffect.name,
                operation: "open",
                handler: TLSNetworkHandler.technology,
                cause: error
            )
        }
    }

    /// Looks for changes until the task is cancelled.
    func watch(_ core: NetworkCore) async {
        while (try? await time.sleep(for: configuration.reloadInterval)) != nil {
            guard identity?.hasChanged ?? true || trust?.hasChanged ?? true else { continue }
            do throws(EffectError) {
                let context = try load()
                guard context.localPeer == core.localPeer else {
                    logger.error("The node's key has changed, and with it its address: start the node anew to use it.")
                    continue
                }
                core.use(context)
                logger.notice("Identity or trust has changed and is used from now on.")
            } catch {
                logger.error("Identity or trust has changed and cannot be used: \(error.message)")
            }
        }
    }
}
#endif
