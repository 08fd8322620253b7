internal import AuraEffects
internal import Foundation
internal import Testing

@testable internal import AuraRuntime

@Suite("Recordings of processes that are killed")
struct RecordingKillTests {
    @Test("what a killed process recorded replays up to there", arguments: 1...3)
    func killed(round: Int) async throws {
        let application = try RecordedApplication()
        let recorded = application.path
        await #expect(processExitsWith: .signal(SIGKILL)) { [recorded = recorded as String, round = round as Int] in
            let application = try RecordedApplication()
            try await application.record(path: recorded) { effects, _ in
                for number in 0..<(20_000 * round) {
                    try await effects.storage.write([UInt8](repeating: 1, count: 300), to: "k")
                    guard number == 9_000 * round else { continue }
                    // The thread that writes may be behind.
                    while try Data(contentsOf: URL(fileURLWithPath: recorded)).count < 1 << 20 { await Task.yield() }
                    kill(getpid(), SIGKILL)
                }
            }
        }
        let recording = try RecordingReader.read(recorded)
        guard case .cutOff = recording.ending else {
            Issue.record("The recording has an end: \(recording.ending)")
            return
        }
        #expect(recording.calls.count > 1000)
        let failure = await application.failure { effects in
            for _ in 0...recording.calls.count {
                try await effects.storage.write([UInt8](repeating: 1, count: 300), to: "k")
            }
        }
        #expect(failure?.message.contains("the recording was cut off after line \(recording.calls.count + 1)") == true)
    }
}
