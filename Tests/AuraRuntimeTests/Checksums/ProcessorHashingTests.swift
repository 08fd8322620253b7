internal import AuraMemory
internal import AuraRuntime
internal import AuraSystem
internal import CSHA256
internal import Foundation
internal import Logging
internal import Testing

@testable internal import AuraEffects

@Suite("SHA-256 by the processor's instructions")
struct ProcessorHashingTests {
    #if arch(x86_64) && os(Linux)
    @Test("is there exactly where the system says that the processor has them")
    func presence() throws {
        let processors = try String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)
        let flags = try #require(processors.split(separator: "\n").first { $0.hasPrefix("flags") })
        #expect((aura_sha256_of_processor() != nil) == flags.split(separator: " ").contains("sha_ni"))
    }
    #endif

    @Test("gives the digests of the Swift code for any blocks in any state")
    func digests() throws {
        guard let mix = aura_sha256_of_processor() else { return }
        var random = SystemRandomNumberGenerator()
        for count in 1...40 {
            let bytes = (0..<count * SHA256.blockSize).map { _ in UInt8.random(in: 0...255, using: &random) }
            var swift = SHA256.State()
            swift.a = random.next()
            swift.h = random.next()
            var fast = swift
            try bytes.withUnsafeBytes { bytes in
                let base = try #require(bytes.baseAddress)
                for block in 0..<count { SHA256.compress(&swift, base + block * SHA256.blockSize) }
                SHA256.compress(&fast, base, blockCount: count, by: mix)
            }
            #expect(fast.digest == swift.digest, "\(count) blocks")
        }
    }

    @Test("is used from the first context on")
    func use() {
        _ = HandlerContext(
            budget: ResourceBudget(memoryLimit: .mebibytes(64), cpuQuota: 1, ioQuota: .mebibytes(10)),
            time: ManualTimeHandler(),
            random: SystemRandomHandler(),
            logger: Logger(label: "test")
        )
        #expect(SHA256.isAccelerated || aura_sha256_of_processor() == nil)
        #expect(
            SHA256.hash([UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)).description
                == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
        )
    }
}
