internal import ArgumentParser
internal import AuraEffects
internal import AuraTLSNetwork
internal import CBaselineNetwork
internal import Glibc
internal import Measuring

/// A thousand peers with keys of their own, each of which asks once a second.
///
/// The peers are another process, written in C.
final class ManyPeers: Comparison {
    /// What is measured of it.
    enum Figure {
        /// The 99th percentile of the replies' times, in milliseconds.
        case latency
        /// What the node's memory grew by, divided by the peers, in KiB.
        case memory
    }

    let name: String
    let unit: String
    let isHigherBetter = false
    let target: Target
    let warmsUp = false

    private let nodes: Nodes
    private let figure: Figure
    private let count: Int
    private let rounds: Int

    init(_ figure: Figure, folder: String, count: Int, rounds: Int) {
        name = figure == .latency ? "peers-1000" : "peers-1000-memory"
        unit = figure == .latency ? "ms" : "KiB"
        target = .oursBelow(figure == .latency ? 20 : 100)
        nodes = Nodes(folder: "\(folder)/peers")
        self.figure = figure
        self.count = count
        self.rounds = rounds
    }

    /// A process keeps the memory that it once had: only the first round shows what it grows by.
    func rounds(asked: Int) -> Int {
        figure == .memory ? 1 : asked
    }

    func prepare() async throws {
        try makeFolder(nodes.folder)
        _ = try nodes.makeIdentity("server")
        try nodes.trust((0..<count).map { try nodes.makeIdentity("\($0)") })
    }

    func measureOurs() async throws -> Double {
        let node = try await nodes.open("server", listens: true)
        let echo = Task {
            for try await request in node.incoming("echo") { try await node.reply(request, to: request) }
        }
        let before = try Self.residentKibibytes()
        let result = "\(nodes.folder)/result"
        let arguments = ["peers", nodes.folder, "\(node.listening?.port ?? 0)", "\(count)", "\(rounds)", result]
        let child = try ChildProcess(arguments: arguments)
        while try await node.peers().count < count { try await Task.sleep(for: .milliseconds(50)) }
        try await Task.sleep(for: .milliseconds(1500 + 500 * rounds))
        let after = try Self.residentKibibytes()
        try child.waitUntilEnded()
        echo.cancel()
        await node.close()
        switch figure {
        case .latency: return Double(try read(result).filter { $0 != "\n" }) ?? .infinity
        case .memory: return Double(after - before) / Double(count)
        }
    }

    /// The memory that this process holds now.
    private static func residentKibibytes() throws -> Int {
        let line = try read("/proc/self/status").split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        return line?.split { $0 == " " || $0 == "\t" }.dropFirst().first.flatMap { Int($0) } ?? 0
    }
}

/// The process of the peers.
struct LoadingPeers: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "peers", shouldDisplay: false)

    @Argument var folder: String
    @Argument var port: Int32
    @Argument var count: Int
    @Argument var rounds: Int
    @Argument var result: String

    func run() throws {
        var times = [Double](repeating: 0, count: count * rounds)
        try Nodes.withMessage { baseline_network_peers(folder, port, 256, count, rounds, &times, $0, $1) }
        times.sort()
        try write("\(times[times.count * 99 / 100] * 1000)\n", to: result)
    }
}
