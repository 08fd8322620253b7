internal import AuraEffects
internal import Measuring

/// The most memory that a process in the environment `embedded` ever held while it took in a million entries and read
/// them all again, as the kernel counts it.
final class EmbeddedPeakMemory: Comparison {
    let name = "embedded-peak-memory"
    let unit = "MiB"
    let isHigherBetter = false
    let target = Target.oursBelow(64)
    let warmsUp = false

    private let folder: String
    private let entries: Int

    init(folder: String, entries: Int) {
        self.folder = folder
        self.entries = entries
    }

    private var path: String { "\(folder)/embedded.sqlite" }

    // A peak hardly varies, and a sample takes minutes.
    func rounds(asked: Int) -> Int { 1 }

    func prepare() async throws {
        removeDatabase(path)
    }

    func measureOurs() async throws -> Double {
        let child = try ChildProcess(arguments: ["embedded-journal", path, "\(entries)"])
        // The child stops itself once it is done, so that what it held can be read from outside.
        try child.waitUntilStopped()
        let peak = try child.peakResidentKibibytes()
        try child.resumeAndWait()
        return Double(peak) / 1024
    }

    func finish() async throws {
        removeDatabase(path)
    }
}
