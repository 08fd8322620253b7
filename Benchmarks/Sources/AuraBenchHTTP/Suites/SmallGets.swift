internal import AuraCurl
internal import AuraEffects
internal import AuraRuntime
internal import AuraSystem
internal import CBaselineHTTP
internal import Logging
internal import Measuring

/// GETs of 1 KiB from nginx over HTTP/1.1 on loopback, 64 at a time.
final class SmallGets: Comparison {
    private struct Failure: Error {
        var message: String
    }

    let name = "get-small"
    let unit = "requests/s"
    let isHigherBetter = true
    let target = Target.ratio(atLeast: 0.7)

    private let server: HTTPServer
    private let count: Int
    private let inFlight = 64
    private let size = 1024

    init(folder: String, count: Int) {
        server = HTTPServer(folder: "\(folder)/http")
        self.count = count
    }

    func prepare() async throws {
        try server.start()
    }

    func measureOurs() async throws -> Double {
        let context = HandlerContext(
            budget: ResourceBudget(
                memoryLimit: .gibibytes(2),
                cpuQuota: 1,
                ioQuota: .mebibytes(1000)
            ),
            time: SystemTimeHandler(),
            random: SystemRandomHandler(),
            logger: Logger(label: "bench")
        )
        MemoryAllocator.tune(for: context.budget)
        let handler = try CurlHTTPHandler(CurlConfiguration(budget: context.budget), context)
        let request = HTTPRequest(.get, server.url, fields: ["accept-encoding": "identity"])
        let (each, size) = (count / inFlight, size)
        let clock = ContinuousClock()
        let start = clock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<inFlight {
                group.addTask {
                    for _ in 0..<each {
                        let answer = try await handler.send(request)
                        let bytes = try await answer.body.bytes(atMost: size)
                        guard answer.status == 200, bytes.count == size else { throw Failure(message: "\(answer)") }
                    }
                }
            }
            try await group.waitForAll()
        }
        let seconds = start.duration(to: clock.now) / .seconds(1)
        await handler.close()
        return Double(each * inFlight) / seconds
    }

    func measureBaseline() async throws -> Double? {
        let clock = ContinuousClock()
        let start = clock.now
        let bytes = baseline_http_get(server.url.text, Int32(count), Int32(inFlight))
        guard bytes == count * size else { throw Failure(message: "the loop in C got \(bytes) bytes") }
        return Double(count) / (start.duration(to: clock.now) / .seconds(1))
    }
}
