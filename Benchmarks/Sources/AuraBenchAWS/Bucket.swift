internal import ArgumentParser
internal import AuraAWS
internal import AuraCloud
internal import AuraCurl
internal import AuraEffects
internal import AuraOpenSSL
internal import AuraRuntime
internal import AuraSystem
internal import CBaselineAWS
internal import Glibc
internal import Logging
internal import Measuring

/// The server in C, as a child that ends with this process.
struct ObjectServer {
    let port: UInt16
    private let child: ChildProcess

    init() throws {
        port = baseline_free_port()
        child = try ChildProcess(arguments: ["serve", String(port)])
        // Until it listens.
        usleep(200_000)
    }
}

/// A bucket, a table and a queue on the server in C.
struct Bucket {
    let cloud: AWSCloud
    private let http: CurlHTTPHandler

    static let accessKeyID = "AKIDEXAMPLE"
    static let secretAccessKey = Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")

    /// Hashing is OpenSSL's, as in a service that links it.
    static func hashByOpenSSL() {
        _ = OpenSSLHandlers()
    }

    init(port: UInt16) async throws {
        Self.hashByOpenSSL()
        let budget = ResourceBudget(memoryLimit: .gibibytes(2), cpuQuota: 1, ioQuota: .mebibytes(1000))
        var context = HandlerContext(
            budget: budget,
            time: SystemTimeHandler(),
            random: SystemRandomHandler(),
            logger: Logger(label: "bench")
        )
        http = try CurlHTTPHandler(CurlConfiguration(budget: budget), context)
        context.http = http
        let endpoint = HTTPURL(.http, host: "127.0.0.1", port: Int(port), path: "")
        cloud = try await AWSCloud(
            CloudConfig().region("us-east-1").endpoint(endpoint),
            bucket: "bucket",
            table: "notes",
            queue: "http://127.0.0.1:\(port)/123456789012/notes",
            context,
            credentials: AWSCredentials(
                accessKeyID: Self.accessKeyID,
                secretAccessKey: Self.secretAccessKey
            )
        )
    }

    var objects: any ObjectStorageEffects { cloud.objects }

    func get(_ key: ObjectKey) async throws -> Int {
        guard let content = try await objects.get(key) else { throw Missing() }
        var count = 0
        for try await chunk in content.body { count += chunk.count }
        return count
    }

    struct Missing: Error {}

    /// A body of zeros that is made as it is taken.
    static func zeros(_ count: Int) -> ByteStream {
        let chunk = [UInt8](repeating: 0, count: 1 << 18)
        return ByteStream(byteCount: count, isRepeatable: true) { offset throws(EffectError) in
            offset < count ? Array(chunk.prefix(count - offset)) : nil
        }
    }

    func close() async {
        await cloud.stop()
        await http.close()
    }
}

/// Makes calls, 64 of them in flight, and adds up what they answer.
func inFlight(_ count: Int, _ call: @escaping @Sendable () async throws -> Int) async throws -> Int {
    try await withThrowingTaskGroup(of: Int.self) { group in
        for _ in 0..<min(64, count) { group.addTask { try await call() } }
        var begun = min(64, count)
        var sum = 0
        while let answer = try await group.next() {
            sum += answer
            if begun < count {
                begun += 1
                group.addTask { try await call() }
            }
        }
        return sum
    }
}

/// What a child does once with a bucket.
enum BucketWork: String, ExpressibleByArgument {
    case first
    case put
    case get

    func run(port: UInt16, file: String) async throws {
        let bucket = try await Bucket(port: port)
        switch self {
        case .first: _ = try await bucket.get("1024")
        case .put: try await bucket.objects.put(Bucket.zeros(64 << 20), to: "large")
        case .get: try await download(from: bucket, to: file)
        }
        await bucket.close()
    }

    /// Writes an object of 1 GiB to a file.
    func download(from bucket: Bucket, to path: String) async throws {
        guard let content = try await bucket.objects.get("1073741824"), let file = fopen(path, "w") else {
            throw Bucket.Missing()
        }
        defer { fclose(file) }
        for try await chunk in content.body where fwrite(chunk, 1, chunk.count, file) != chunk.count {
            throw Bucket.Missing()
        }
    }
}
