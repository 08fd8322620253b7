internal import Measuring

extension Suite {
    static let network = Suite(
        name: "network",
        summary:
            "the network over TLS against OpenSSL on blocking sockets, a thousand peers at once, edits between journals"
    ) { scale in
        [
            // Before anything else has taken memory.
            ManyPeers(.memory, folder: scale.folder, count: 1000, rounds: scale.isQuick ? 2 : 8),
            Streams(folder: scale.folder, count: scale.count(20_000)),
            RoundTrips(folder: scale.folder, count: scale.count(20_000)),
            ManyPeers(.latency, folder: scale.folder, count: 1000, rounds: scale.isQuick ? 2 : 8),
            VisibleEdits("edit-visible", below: 10, folder: scale.folder, count: scale.count(2000)),
            VisibleEdits(
                "edit-visible-20ms",
                below: 50,
                addedMilliseconds: 20,
                folder: scale.folder,
                count: scale.count(500)
            ),
        ]
    }
}
