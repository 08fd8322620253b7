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
    /// The identity that was read last, also where it could not be used.
    private var seen: NodeIdentity?

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
    ///
    /// What is trusted counts at once, also where the identity was changed to one that cannot be used.
    func watch(_ core: NetworkCore) async {
        while (try? await time.sleep(for: configuration.reloadInterval)) != nil {
            do throws(EffectError) {
                let renewed = renewedIdentity(of: core.localPeer)
                let changed = trust?.hasChanged ?? true ? try TrustStore(folder: configuration.trust) : nil
                guard renewed != nil || changed != nil, let identity = renewed ?? identity, let trust = changed ?? trust
                else { continue }
                let context = try TLSContext(identity, trust, time: time)
                self.identity = identity
                self.trust = trust
                core.use(context)
                logger.notice("Identity or trust has changed and is used from now on.")
            } catch {
                logger.error("Identity or trust has changed and cannot be used: \(error.message)")
            }
        }
    }

    /// The node's identity, where its files have changed and it can be used.
    private func renewedIdentity(of localPeer: PeerID) -> NodeIdentity? {
        guard seen?.hasChanged ?? identity?.hasChanged ?? true else { return nil }
        do throws(EffectError) {
            let found = try NodeIdentity(folder: configuration.identity)
            seen = found
            guard found.peer == localPeer else {
                logger.error("The node's key has changed, and with it its address: start the node anew to use it.")
                return nil
            }
            for warning in found.warnings(at: time.now) { logger.warning("\(warning)") }
            return found
        } catch {
            logger.error("The identity has changed and cannot be used, the one before stays: \(error.message)")
            return nil
        }
    }
}
#endif
