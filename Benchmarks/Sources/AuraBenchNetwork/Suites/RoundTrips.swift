internal import AuraEffects
internal import AuraTLSNetwork
internal import CBaselineNetwork
internal import Measuring

/// Requests of 256 bytes and their replies, one after another: the median.
final class RoundTrips: Comparison {
    let name = "tls-roundtrip"
    let unit = "µs"
    let isHigherBetter = false
    let target = Target.ratio(atLeast: 0.4)

    private let nodes: Nodes
    private let count: Int
    private let size = 256

    init(folder: String, count: Int) {
        nodes = Nodes(folder: folder)
        self.count = count
    }

    func prepare() async throws {
        try nodes.trust(["client", "server"].map { try nodes.makeIdentity($0) })
    }

    func measureOurs() async throws -> Double {
        try await nodes.withPair { client, server in
            let echo = Task {
                for try await request in server.incoming("echo") { try await server.reply(request, to: request) }
            }
            defer { echo.cancel() }
            let question = Envelope(channel: "echo", payload: [UInt8](repeating: 0, count: size))
            var times: [Double] = []
            let clock = ContinuousClock()
            for _ in 0..<count {
                let start = clock.now
                _ = try await client.request(question, to: server.localPeer, timeout: .seconds(10))
                times.append(start.duration(to: clock.now) / .microseconds(1))
            }
            return median(of: times)
        }
    }

    func measureBaseline() async throws -> Double? {
        var times = [Double](repeating: 0, count: count)
        try Nodes.withMessage {
            baseline_network_round_trips(
                "\(nodes.folder)/client",
                "\(nodes.folder)/server",
                size,
                count,
                &times,
                $0,
                $1
            )
        }
        return median(of: times) * 1e6
    }
}
