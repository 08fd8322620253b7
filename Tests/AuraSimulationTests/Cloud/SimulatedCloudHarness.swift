internal import AuraConformance
internal import AuraEffects
internal import AuraMemory
internal import AuraRuntime
internal import AuraSimulation
internal import Synchronization
internal import Testing

/// Clouds of the laws: each handler that is made has one of its own.
final class SimulatedClouds: Sendable {
    let time: any TimeEffects
    let functions = MemoryFunctions()
    private let seed: UInt64
    private let conditions: CloudConditions
    /// Whether calls that were refused are repeated.
    private let repeats: Bool
    private let made = Mutex<[SimulatedCloud]>([])

    init(time: any TimeEffects, seed: UInt64, _ conditions: CloudConditions, repeats: Bool = false) {
        self.repeats = repeats
        self.time = time
        self.seed = seed
        self.conditions = conditions
    }

    func make() -> SimulatedCloud {
        made.withLock { made in
            let seed = seed &+ UInt64(made.count)
            let cloud = SimulatedCloud(time: time, seed: seed, conditions: conditions, functions: functions)
            made.append(cloud)
            return cloud
        }
    }

    /// A handler, with what repeats refused calls around it.
    func surrounded<Key: EffectKey>(_ key: Key.Type, _ handler: Key.Handler) -> Key.Handler {
        guard repeats else { return handler }
        let chain = InterceptorChain(
            of: EffectTarget(effect: key.name, handler: SimulatedCloud.technology),
            interceptors: [RepeatingInterceptor(time: time)],
            time: time
        )
        return Key.intercepted(handler, by: chain)
    }

    func letTimePass(_ duration: Duration) async throws {
        if let manual = time as? ManualTimeHandler {
            manual.advance(by: duration)
        } else {
            try await time.sleep(for: duration)
        }
    }

    func stop() async {
        for cloud in made.withLock({ $0 }) { await cloud.stop() }
    }
}

/// What the harnesses of all five services have in common.
protocol SimulatedCloudHarness: TimePassingHarness {
    var clouds: SimulatedClouds { get }
}

extension SimulatedCloudHarness {
    var now: WallTime { clouds.time.now }

    func letTimePass(_ duration: Duration) async throws {
        try await clouds.letTimePass(duration)
    }

    func finish() async {
        await clouds.stop()
    }
}

/// Repeats what was refused before anything had happened, as an application's policy would.
struct RepeatingInterceptor: Interceptor {
    let name = "repeating"
    let time: any TimeEffects

    func intercept(_ call: EffectCall, _ next: EffectContinuation) async throws(EffectError) -> EffectAnswer {
        while true {
            do throws(EffectError) {
                return try await next()
            } catch {
                guard error.isRetryable, error.outcome == .notApplied || call.isIdempotent else { throw error }
                try await time.sleep(for: error.retryAfter ?? .milliseconds(10))
            }
        }
    }
}

struct SimulatedObjectHarness: SimulatedCloudHarness, PresigningHarness {
    let clouds: SimulatedClouds

    var capabilities: Capabilities { SimulatedObjectStorageHandler.capabilities }

    func make() async throws -> any ObjectStorageEffects {
        clouds.surrounded(ObjectsEffect.self, clouds.make().objects(for: "a"))
    }

    func fetch(_ address: PresignedURL, from bucket: any ObjectStorageEffects) async throws -> [UInt8]? {
        let bucket = try bare(bucket)
        do throws(EffectError) {
            return try await bucket.fetch(address.url)?.body.bytes(atMost: .max)
        } catch {
            guard error.code == .permissionDenied else { throw error }
            return nil
        }
    }

    func store(_ bytes: [UInt8], at address: PresignedURL, of bucket: any ObjectStorageEffects) async throws -> Bool {
        let bucket = try bare(bucket)
        do throws(EffectError) {
            try await bucket.store(ByteStream(bytes), at: address.url)
            return true
        } catch {
            guard error.code == .permissionDenied else { throw error }
            return false
        }
    }
}

/// The handler itself.
private func bare(_ bucket: any ObjectStorageEffects) throws -> SimulatedObjectStorageHandler {
    let base = (bucket as? InterceptedObjectStorageEffects)?.base ?? bucket
    return try #require(base as? SimulatedObjectStorageHandler)
}

struct SimulatedKeyValueHarness: SimulatedCloudHarness, KeyValueHarness {
    let clouds: SimulatedClouds

    var capabilities: Capabilities { SimulatedKeyValueHandler.capabilities }

    func make() async throws -> any KeyValueEffects {
        clouds.surrounded(KeyValuesEffect.self, clouds.make().keyValues(for: "a"))
    }
}

struct SimulatedQueueHarness: SimulatedCloudHarness, QueueHarness {
    let clouds: SimulatedClouds
    let order: MessageOrder

    var capabilities: Capabilities { SimulatedQueueHandler.capabilities(order) }

    func make() async throws -> any MessageQueueEffects {
        clouds.surrounded(QueueEffect.self, clouds.make().queue(for: "a", order))
    }
}

struct SimulatedTopicHarness: SimulatedCloudHarness, TopicHarness {
    let clouds: SimulatedClouds
    let order: MessageOrder

    var capabilities: Capabilities { SimulatedPubSubHandler.capabilities(order) }

    func make() async throws -> any PubSubEffects {
        clouds.surrounded(TopicsEffect.self, clouds.make().topics(for: "a", order))
    }
}

final class SimulatedFunctionHarness: SimulatedCloudHarness, FunctionHarness {
    private struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    let echo: AuraEffects.FunctionName = "echo"
    let failing: AuraEffects.FunctionName = "failing"
    let noting: AuraEffects.FunctionName = "noting"
    let clouds: SimulatedClouds
    private let notes = Mutex<[[UInt8]]>([])

    init(_ clouds: SimulatedClouds) {
        self.clouds = clouds
        clouds.functions.register(echo) { $0 }
        clouds.functions.register(failing) { throw Failure(description: String(decoding: $0, as: UTF8.self)) }
        clouds.functions.register(noting) { [weak self] payload in
            self?.notes.withLock { $0.append(payload) }
            return []
        }
    }

    var capabilities: Capabilities { SimulatedFunctionHandler.capabilities }

    func make() async throws -> any FunctionEffects {
        clouds.surrounded(FunctionsEffect.self, clouds.make().functionRunner(for: "a"))
    }

    func noted() async throws -> [[UInt8]] { notes.withLock { $0 } }
}
