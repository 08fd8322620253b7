#if TLSNetwork
internal import AuraEffects
internal import AuraRuntime

/// Makes a configuration from a handler's settings.
enum TLSNetworkSettings {
    static let declarations: [SettingDeclaration] = [
        .required(
            "identity",
            .path,
            "The folder with the node's certificate.pem and key.pem: 'aura identity create' makes it."
        ),
        .required(
            "trust",
            .path,
            "The folder that says whom the node trusts: 'aura identity trust' changes it."
        ),
        .optional(
            "listen",
            .string,
            "Where peers dial this node, such as '0.0.0.0:8443' or '[::]:8443'; port 0 picks a free one. Without it the node "
                + "only dials."
        ),
        .optional(
            "peers",
            .list,
            "Whom to dial: PEER@HOST:PORT; PEER is a name of the trust folder or a fingerprint, and may be left out together "
                + "with its '@'."
        ),
        .optional("envelope", .byteCount, default: "1 MiB", "The most bytes of a message's payload, at most 1 GiB."),
        .optional(
            "handshakeTimeout",
            .duration,
            default: "10s",
            "How long connecting may take."
        ),
        .optional(
            "heartbeat",
            .duration,
            default: "5s",
            "After how much silence a node says that it is there."
        ),
        .optional(
            "idleTimeout",
            .duration,
            default: "20s",
            "After how much silence a peer is taken for gone; at least two heartbeats of the peer."
        ),
        .optional(
            "frameTimeout",
            .duration,
            default: "15s",
            "How long one message may take from its first byte to its last."
        ),
    ]

    /// The configuration that settings come to.
    ///
    /// - Throws: ``EffectError`` with `invalidArgument`, naming the setting.
    static func configuration(
        _ settings: HandlerSettings,
        _ budget: ResourceBudget
    ) throws(EffectError) -> TLSNetworkConfiguration {
        var configuration = TLSNetworkConfiguration(
            identity: settings.string("identity") ?? "",
            trust: settings.string("trust") ?? "",
            budget: budget
        )
        if let text = settings.string("listen") {
            guard let (host, port) = PeerAddress.hostAndPort(text) else {
                throw refusal(
                    "The setting 'listen' is \(HandlerErrors.quote(text)): give HOST:PORT, such as 0.0.0.0:8443."
                )
            }
            configuration.listen = PeerAddress(host: host, port: port)
        }
        configuration.peers = try peers(settings.list("peers") ?? [])
        if let limit = settings.byteCount("envelope") { configuration.envelope = limit }
        guard (1...ByteCount.gibibytes(1).bytes).contains(configuration.envelope.bytes) else {
            throw refusal("The setting 'envelope' is \(configuration.envelope): give 1 byte to 1 GiB.")
        }
        if let time = settings.duration("handshakeTimeout") { configuration.handshakeTimeout = time }
        if let time = settings.duration("heartbeat") { configuration.heartbeat = time }
        if let time = settings.duration("idleTimeout") { configuration.idleTimeout = time }
        if let time = settings.duration("frameTimeout") { configuration.frameTimeout = time }
        try checkTimes(configuration)
        return configuration
    }

    private static func peers(_ texts: [String]) throws(EffectError) -> [PeerAddress] {
        var peers: [PeerAddress] = []
        for text in texts {
            guard let address = PeerAddress(text) else {
                throw refusal(
                    "The setting 'peers' has \(HandlerErrors.quote(text)): give PEER@HOST:PORT, such as "
                        + "office@node1.example:8443."
                )
            }
            peers.append(address)
        }
        return peers
    }

    private static func checkTimes(_ configuration: TLSNetworkConfiguration) throws(EffectError) {
        let times = [
            ("handshakeTimeout", configuration.handshakeTimeout), ("heartbeat", configuration.heartbeat),
            ("idleTimeout", configuration.idleTimeout), ("frameTimeout", configuration.frameTimeout),
        ]
        for (name, time) in times where !(.milliseconds(10) ... .seconds(86_400)).contains(time) {
            throw refusal("The setting '\(name)' is \(time): give a time from 10 ms to a day.")
        }
        guard configuration.idleTimeout >= configuration.heartbeat * 2 else {
            throw refusal(
                "The setting 'idleTimeout' is \(configuration.idleTimeout): give at least two heartbeats, "
                    + "\(configuration.heartbeat * 2), so that a quiet peer is not taken for gone."
            )
        }
    }

    private static func refusal(_ message: String) -> EffectError {
        NetworkErrors.refusal(message, in: "open")
    }
}
#endif
