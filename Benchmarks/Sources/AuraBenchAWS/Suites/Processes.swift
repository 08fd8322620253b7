internal import Glibc
internal import Measuring

/// The most memory that a process holds while it moves a large object.
final class PeakMemory: Comparison {
    let name: String
    let unit = "MiB"
    let isHigherBetter = false
    let target: Target
    let warmsUp = false

    private let work: BucketWork
    private let file: String
    private var server: ObjectServer?

    init(_ name: String, _ work: BucketWork, folder: String, mebibytes: Double) {
        self.name = name
        self.work = work
        file = "\(folder)/object"
        target = .oursBelow(mebibytes)
    }

    func prepare() async throws {
        server = try ObjectServer()
    }

    func measureOurs() async throws -> Double {
        let child = try ChildProcess(arguments: ["work", work.rawValue, String(server?.port ?? 0), file])
        try child.waitUntilStopped()
        let peak = try child.peakResidentKibibytes()
        try child.resumeAndWait()
        unlink(file)
        return Double(peak) / 1024
    }
}

/// From the start of a process to the end of its first signed request, against boto3.
final class FirstRequest: Comparison {
    let name = "start-first-request"
    let unit = "ms"
    let isHigherBetter = false
    let target = Target.ratio(atLeast: 10)

    private var server: ObjectServer?

    func prepare() async throws {
        server = try ObjectServer()
    }

    func measureOurs() async throws -> Double {
        let elapsed = try await seconds {
            try ChildProcess(arguments: ["work", BucketWork.first.rawValue, String(server?.port ?? 0)]).waitUntilEnded()
        }
        return elapsed * 1000
    }

    func measureBaseline() async throws -> Double? {
        let elapsed = try await seconds {
            _ = try Baseline.output(of: Baseline.boto3("first", server?.port ?? 0))
        }
        return elapsed * 1000
    }
}
