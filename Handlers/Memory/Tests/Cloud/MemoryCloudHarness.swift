internal import AuraConformance
internal import AuraEffects
internal import AuraMemory
internal import AuraSystem
internal import Testing

final class MemoryObjectHarness: PresigningHarness, TimePassingHarness {
    let time = ManualTimeHandler()

    var capabilities: Capabilities { MemoryObjectStorageHandler.capabilities }

    func make() async throws -> any ObjectStorageEffects {
        MemoryObjectStorageHandler(time: time, random: SystemRandomHandler())
    }

    var now: WallTime { time.now }

    func letTimePass(_ duration: Duration) async throws {
        time.advance(by: duration)
    }

    func fetch(_ address: PresignedURL, from bucket: any ObjectStorageEffects) async throws -> [UInt8]? {
        try await MemoryAddresses(bucket).fetch(address)
    }

    func store(_ bytes: [UInt8], at address: PresignedURL, of bucket: any ObjectStorageEffects) async throws -> Bool {
        try await MemoryAddresses(bucket).store(bytes, at: address)
    }

    func finish() async {}
}

/// Uses the presigned addresses of a memory bucket.
struct MemoryAddresses {
    let bucket: MemoryObjectStorageHandler

    init(_ bucket: any ObjectStorageEffects) throws {
        self.bucket = try #require(bucket as? MemoryObjectStorageHandler)
    }

    func fetch(_ address: PresignedURL) async throws -> [UInt8]? {
        do throws(EffectError) {
            return try await bucket.fetch(address.url)?.body.bytes(atMost: .max)
        } catch {
            guard error.code == .permissionDenied else { throw error }
            return nil
        }
    }

    func store(_ bytes: [UInt8], at address: PresignedURL) async throws -> Bool {
        do throws(EffectError) {
            try await bucket.store(ByteStream(bytes), at: address.url)
            return true
        } catch {
            guard error.code == .permissionDenied else { throw error }
            return false
        }
    }
}

final class MemoryKeyValueHarness: KeyValueHarness, TimePassingHarness {
    private let time = ManualTimeHandler()

    var capabilities: Capabilities { MemoryKeyValueHandler.capabilities }

    func make() async throws -> any KeyValueEffects {
        MemoryKeyValueHandler(time: time)
    }

    var now: WallTime { time.now }

    func letTimePass(_ duration: Duration) async throws {
        time.advance(by: duration)
    }

    func finish() async {}
}

final class MemoryQueueHarness: QueueHarness, TimePassingHarness {
    private let time = ManualTimeHandler()

    var capabilities: Capabilities { MemoryQueueHandler.capabilities() }

    func make() async throws -> any MessageQueueEffects {
        MemoryQueueHandler(time: time)
    }

    var now: WallTime { time.now }

    func letTimePass(_ duration: Duration) async throws {
        time.advance(by: duration)
    }

    func finish() async {}
}

final class MemoryTopicHarness: PushReceivingHarness, TimePassingHarness {
    private struct Refusal: Error {}

    private let time = ManualTimeHandler()
    private let targets = MemoryPushTargets()
    private let pushed = Mutexed<[String: [TopicMessage]]>([:])
    private let made = Mutexed<[MemoryPubSubHandler]>([])

    var capabilities: Capabilities { MemoryPubSubHandler.capabilities }

    func make() async throws -> any PubSubEffects {
        makeMemory()
    }

    func makeMemory() -> MemoryPubSubHandler {
        let handler = MemoryPubSubHandler(time: time, targets: targets)
        made.withLock { $0.append(handler) }
        return handler
    }

    func makeAddress(refusing refusals: Int) async throws -> String {
        let address = pushed.withLock { pushed in
            let address = "memory:\(pushed.count)"
            pushed[address] = []
            return address
        }
        targets.register(address) { [pushed] message in
            guard message.deliveryCount > refusals else { throw Refusal() }
            let taken = TopicMessage(message.body, attributes: message.attributes, group: message.group)
            pushed.withLock { $0[address]?.append(taken) }
        }
        return address
    }

    func taken(at address: String) async throws -> [TopicMessage] {
        pushed.current[address] ?? []
    }

    var now: WallTime { time.now }

    func letTimePass(_ duration: Duration) async throws {
        time.advance(by: duration)
    }

    func finish() async {
        for handler in made.current { await handler.stop() }
    }
}

final class MemoryFunctionHarness: FunctionHarness {
    let echo: FunctionName = "echo"
    let failing: FunctionName = "failing"
    let noting: FunctionName = "noting"

    private struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    private let functions = MemoryFunctions()
    private let notes = Mutexed<[[UInt8]]>([])
    private let made = Mutexed<[MemoryFunctionHandler]>([])

    init() {
        functions.register(echo) { $0 }
        functions.register(failing) { throw Failure(description: String(decoding: $0, as: UTF8.self)) }
        functions.register(noting) { [notes] payload in
            notes.withLock { $0.append(payload) }
            return []
        }
    }

    var capabilities: Capabilities { MemoryFunctionHandler.capabilities }

    func make() async throws -> any FunctionEffects {
        makeMemory()
    }

    func makeMemory() -> MemoryFunctionHandler {
        let handler = MemoryFunctionHandler(functions)
        made.withLock { $0.append(handler) }
        return handler
    }

    func noted() async throws -> [[UInt8]] {
        notes.current
    }

    func finish() async {
        for handler in made.current { await handler.stop() }
    }
}
