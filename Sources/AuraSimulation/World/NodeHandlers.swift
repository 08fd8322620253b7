#if os(Linux)
internal import AuraEffects
internal import AuraMemory
internal import AuraRuntime

/// The handlers that a world gives to one run of a node.
struct NodeHandlers: HandlerBundle {
    let time: SimulatedTimeHandler
    let seed: UInt64
    let network: SimulatedNetwork
    let peer: PeerID
    let cloud: SimulatedCloud
    /// What is linked: a stand-in takes the settings of what it stands in for, and heeds none of them.
    let linked: HandlerRegistry

    var declarations: [HandlerDeclaration] {
        // Also in the place of the system's, so that a profile of production runs as it is.
        [SimulatedTimeHandler.technology, "system"].flatMap { [clock($0), random($0)] } + [messages]
            + SimulatedCloudHandlers(cloud, for: peer.rawValue).declarations
    }

    private func clock(_ technology: String) -> HandlerDeclaration {
        HandlerDeclaration(
            TimeEffect.self,
            technology: technology,
            summary: "The node's clocks in virtual time.",
            settings: settings(TimeEffect.name, technology),
            capabilities: { _, _ in Capabilities() },
            make: { [time] _, _ throws(EffectError) in ManagedHandler(time) }
        )
    }

    private func random(_ technology: String) -> HandlerDeclaration {
        HandlerDeclaration(
            RandomEffect.self,
            technology: technology,
            summary: "Random numbers that follow from the world's seed.",
            settings: settings(RandomEffect.name, technology),
            capabilities: { _, _ in Capabilities() },
            make: { [seed] _, _ throws(EffectError) in ManagedHandler(SeededRandomHandler(seed: seed)) }
        )
    }

    private func settings(_ effect: String, _ technology: String) -> [SettingDeclaration] {
        linked.declaration(effect: effect, technology: technology)?.settings ?? []
    }

    private var messages: HandlerDeclaration {
        HandlerDeclaration(
            NetworkEffect.self,
            technology: SimulatedNetworkHandler.technology,
            summary: "Messages between the nodes of a world.",
            capabilities: { _, _ in SimulatedNetworkHandler.capabilities },
            make: { [network, peer] _, _ throws(EffectError) in ManagedHandler(network.handler(for: peer)) }
        )
    }
}

extension HandlerRegistry {
    /// The registry with more handlers, which stand in for those of the same name.
    func adding(_ bundle: any HandlerBundle) -> HandlerRegistry {
        let own = Declarations(declarations: declarations)
        return HandlerRegistry {
            own
            bundle
        }
    }
}

private struct Declarations: HandlerBundle {
    var declarations: [HandlerDeclaration]
}
#endif
