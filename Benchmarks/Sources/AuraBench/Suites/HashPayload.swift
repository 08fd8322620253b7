internal import AuraEffects
internal import CBaseline
internal import Measuring

/// SHA-256 of messages as long as a payload, in Swift and in plain C.
final class HashPayload: Comparison {
    let name = "sha256-256B"
    let unit = "MiB/s"
    let isHigherBetter = true
    let target = Target.none

    private let messages: Int
    private var message = [UInt8](repeating: 0x5a, count: Workload.payloadSize)

    init(messages: Int) {
        self.messages = messages
    }

    func prepare() async throws {
        var digest = [UInt8](repeating: 0, count: SHA256Digest.byteCount)
        baseline_sha256(message, message.count, &digest)
        precondition(SHA256.hash(message).bytes == digest, "The two implementations of SHA-256 disagree.")
    }

    // Each message begins with bytes of the digest before, so that no call can be left out or moved.
    func measureOurs() async throws -> Double {
        let elapsed = await seconds {
            for _ in 0..<messages {
                let digest = message.withUnsafeBytes { SHA256.hash($0) }
                message.withUnsafeMutableBytes { digest.store(into: $0) }
            }
        }
        return throughput(elapsed)
    }

    func measureBaseline() async throws -> Double? {
        var digest = [UInt8](repeating: 0, count: SHA256Digest.byteCount)
        let elapsed = await seconds {
            for _ in 0..<messages {
                baseline_sha256(message, message.count, &digest)
                message.replaceSubrange(0..<digest.count, with: digest)
            }
        }
        return throughput(elapsed)
    }

    private func throughput(_ elapsed: Double) -> Double {
        Double(messages * Workload.payloadSize) / 1_048_576 / elapsed
    }
}
