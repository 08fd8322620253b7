internal import AuraEffects
internal import AuraTLSNetwork
internal import CBaselineNetwork
internal import Measuring

/// Messages of 64 KiB one way, from the first to the reply that says that the last was consumed.
final class Streams: Comparison {
    let name = "tls-throughput"
    let unit = "MiB/s"
    let isHigherBetter = true
    let target = Target.ratio(atLeast: 0.7)

    private let nodes: Nodes
    private let count: Int
    private let size = 65_536

    init(folder: String, count: Int) {
        nodes = Nodes(folder: folder)
        self.count = count
    }

    func prepare() async throws {
        try nodes.trust(["client", "server"].map { try nodes.makeIdentity($0) })
    }

    func measureOurs() async throws -> Double {
        try await nodes.withPair { client, server in
            let consumer = Task { [count] in
                var messages = server.incoming("stream").makeAsyncIterator()
                for _ in 0..<count { _ = try await messages.next() }
                if let last = try await messages.next() { try await server.reply(last, to: last) }
            }
            let message = Envelope(channel: "stream", payload: [UInt8](repeating: 0, count: size))
            let last = Envelope(channel: "stream", payload: [])
            let elapsed = try await seconds {
                for _ in 0..<count { try await client.send(message, to: server.localPeer) }
                _ = try await client.request(last, to: server.localPeer, timeout: .seconds(60))
            }
            try await consumer.value
            return rate(elapsed)
        }
    }

    func measureBaseline() async throws -> Double? {
        var elapsed = 0.0
        try Nodes.withMessage {
            baseline_network_stream("\(nodes.folder)/client", "\(nodes.folder)/server", size, count, &elapsed, $0, $1)
        }
        return rate(elapsed)
    }

    private func rate(_ seconds: Double) -> Double {
        Double(size * count) / 1_048_576 / seconds
    }
}
