internal import AuraEffects
internal import Glibc
internal import Measuring

/// Objects of 1 KiB, 64 in flight, against boto3 with 64 threads.
final class SmallGets: Comparison {
    let name = "s3-get-small"
    let unit = "gets/s"
    let isHigherBetter = true
    let target = Target.ratio(atLeast: 5)

    private let count: Int
    private var server: ObjectServer?

    init(count: Int) {
        self.count = count
    }

    func prepare() async throws {
        server = try ObjectServer()
    }

    func measureOurs() async throws -> Double {
        let bucket = try await Bucket(port: server?.port ?? 0)
        // The connections are there, as boto3's are.
        try await get(64, from: bucket)
        let elapsed = try await seconds { try await get(count, from: bucket) }
        await bucket.close()
        return Double(count) / elapsed
    }

    private func get(_ count: Int, from bucket: Bucket) async throws {
        let byteCount = try await inFlight(count) { try await bucket.get("1024") }
        precondition(byteCount == 1024 * count, "Every object has 1 KiB.")
    }

    func measureBaseline() async throws -> Double? {
        try Baseline.figure("small-gets", server?.port ?? 0, count)
    }
}

/// An object of 64 MiB that is sent in parts, against boto3's transfer manager.
final class LargePut: Comparison {
    let name = "s3-put-64MiB"
    let unit = "MiB/s"
    let isHigherBetter = true
    let target = Target.ratio(atLeast: 1.2)

    private var server: ObjectServer?

    func prepare() async throws {
        server = try ObjectServer()
    }

    func measureOurs() async throws -> Double {
        let bucket = try await Bucket(port: server?.port ?? 0)
        let elapsed = try await seconds { _ = try await bucket.objects.put(Bucket.zeros(64 << 20), to: "large") }
        await bucket.close()
        return 64 / elapsed
    }

    func measureBaseline() async throws -> Double? {
        try Baseline.figure("large-put", server?.port ?? 0)
    }
}

/// An object of 1 GiB that is streamed to a file, against curl.
final class LargeGet: Comparison {
    let name = "s3-get-1GiB"
    let unit = "MiB/s"
    let isHigherBetter = true
    let target = Target.ratio(atLeast: 0.9)

    private let file: String
    private var server: ObjectServer?

    init(folder: String) {
        file = "\(folder)/object"
    }

    func prepare() async throws {
        server = try ObjectServer()
    }

    func measureOurs() async throws -> Double {
        let bucket = try await Bucket(port: server?.port ?? 0)
        let elapsed = try await seconds { try await BucketWork.get.download(from: bucket, to: file) }
        await bucket.close()
        unlink(file)
        return 1024 / elapsed
    }

    func measureBaseline() async throws -> Double? {
        let url = "http://127.0.0.1:\(server?.port ?? 0)/bucket/1073741824"
        let elapsed = try await seconds { _ = try Baseline.output(of: "curl -sS -o '\(file)' '\(url)'") }
        unlink(file)
        return 1024 / elapsed
    }
}
