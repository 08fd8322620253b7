internal import Foundation
internal import Testing

/// Executors with a thread of their own.
struct ThreadExecutorTests {
    @Test("an executor may go once its last job has run, also where who handed it over is still on the way out")
    func lateEnqueuer() throws {
        let folder = try TemporaryFolder()
        // What is freed does not look as it did.
        let process = try FixtureProcess(
            [],
            in: folder,
            variables: ["MALLOC_PERTURB_": "165", "SWIFT_BACKTRACE": "enable=no"],
            executable: URL(fileURLWithPath: TestExecutable.path(of: "ExecutorFixture"))
        )
        let outcome = process.wait()
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(outcome.output == "2400\n")
    }
}
