internal import Measuring

extension Suite {
    static let network = Suite(
        name: "network",
        summary: "the network over TLS against OpenSSL on blocking sockets, and a thousand peers at once"
    ) { scale in
        [
            Streams(folder: scale.folder, count: scale.count(20_000)),
            RoundTrips(folder: scale.folder, count: scale.count(20_000)),
            ManyPeers(.latency, folder: scale.folder, count: 1000, rounds: scale.isQuick ? 2 : 8),
            ManyPeers(.memory, folder: scale.folder, count: 1000, rounds: scale.isQuick ? 2 : 8),
        ]
    }
}
