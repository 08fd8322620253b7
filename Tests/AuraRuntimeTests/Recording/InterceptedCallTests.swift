internal import AuraEffects
internal import AuraMemory
internal import Foundation
internal import Logging
internal import Synchronization
internal import Testing

@testable internal import AuraRuntime

private final class Flag: Sendable {
    private let value = Mutex(false)

    var isSet: Bool { value.withLock(\.self) }

    func set() {
        value.withLock { $0 = true }
    }
}

/// Calls of an effect of one's own, with answers of all kinds, straight through the chain.
@Suite("Calls that are recorded and replayed")
struct InterceptedCallTests {
    private static let call = EffectOperation(effect: "vault", name: "open", index: 0, resource: "name")
    private static let now = EffectOperation(effect: "vault", name: "now", index: 1, kind: .synchronous)
    private static let target = EffectTarget(effect: "vault", instance: "main", handler: "test")

    private let folder: TemporaryFolder
    private let time = ManualTimeHandler()

    init() throws {
        folder = try TemporaryFolder()
    }

    private var path: String { "\(folder.path)/calls.jsonl" }

    private func recorder(replaces: Bool = false) throws -> CallRecorder {
        let header = RecordingHeader(
            application: "test",
            profile: "test",
            environment: "mobile",
            started: "",
            memoryBytes: 1,
            cpuQuota: 1,
            ioBytesPerSecond: 1,
            effects: [],
            waived: []
        )
        let options = RecordingOptions(path: path, replaces: replaces)
        return try CallRecorder(options, header, time: time, logger: Logger(label: "test"))
    }

    private func chain(_ interceptor: some Interceptor) -> InterceptorChain {
        InterceptorChain(of: Self.target, interceptors: [interceptor], time: time)
    }

    private func record(_ body: (InterceptorChain) async throws -> Void) async throws {
        let recorder = try recorder()
        try await body(chain(RecordingInterceptor(recorder: recorder, target: Self.target)))
        await recorder.finish()
    }

    private func replayer() throws -> CallReplayer {
        CallReplayer(try RecordingReader.read(path)) { failure in
            Terminal.message("\(failure)\n")
            exit(failure.exitCode)
        }
    }

    private func replaying(_ replayer: CallReplayer) -> InterceptorChain {
        chain(ReplayingInterceptor(replayer: replayer, target: Self.target))
    }

    private struct NoCode: Sendable {}
    private struct Login: Codable, Sendable {
        var password = Secret("swordfish")
    }

    private func open<Answer: Sendable>(
        _ chain: InterceptorChain,
        _ argument: any Sendable = 1,
        answer: Answer
    ) async throws(EffectError) -> Answer {
        let call = chain.call(Self.call, resource: "door", arguments: [EffectArgument("argument", argument)])
        return try await chain.perform(call) { () async throws(EffectError) in answer }
    }

    @Test("operations that answer at once are answered again, each task its own")
    func synchronousCalls() async throws {
        let counter = Mutex(0)
        func draw(_ chain: InterceptorChain) -> Int {
            chain.synchronous(
                chain.call(Self.now),
                counter.withLock {
                    $0 += 1
                    return $0
                }
            )
        }
        try await record { chain in
            #expect((1...100).map { _ in draw(chain) } == Array(1...100))
            await withEffectScope("other") { #expect(draw(chain) == 101) }
        }
        let chain = replaying(try replayer())
        await withEffectScope("other") { #expect(draw(chain) == 101) }
        #expect((1...100).map { _ in draw(chain) } == Array(1...100))
        #expect(counter.withLock(\.self) == 101)
    }

    @Test("a call that cannot fail and was not recorded ends the process with both sides")
    func synchronousDivergence() async throws {
        try await record { chain in _ = try await open(chain, answer: 1) }
        let result = try await #require(processExitsWith: .exitCode(76), observing: [\.standardErrorContent]) {
            [path = path as String] in
            let replayer = CallReplayer(try RecordingReader.read(path)) { failure in
                Terminal.message("\(failure)\n")
                exit(failure.exitCode)
            }
            let target = EffectTarget(effect: "vault", instance: "main", handler: "test")
            let chain = InterceptorChain(
                of: target,
                interceptors: [ReplayingInterceptor(replayer: replayer, target: target)],
                time: ManualTimeHandler()
            )
            let now = EffectOperation(effect: "vault", name: "now", index: 1, kind: .synchronous)
            _ = chain.synchronous(chain.call(now), 1)
        }
        let said = String(decoding: result.standardErrorContent, as: UTF8.self)
        #expect(said.contains("asked:    vault.now of 'main'"), "\(said)")
        #expect(said.contains("no more calls of it"))
    }

    @Test("secrets are never in the file; an answer that holds one cannot be replayed, by name")
    func secrets() async throws {
        try await record { chain in
            _ = try await open(chain, Secret("swordfish"), answer: Login())
            _ = try await open(chain, Login(), answer: Secret("swordfish"))
            _ = try await open(chain, ["a": Secret("swordfish")], answer: 1)
        }
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(!text.contains("swordfish") && text.contains("<redacted>"))
        let replayer = try replayer()
        let chain = replaying(replayer)
        await #expect(throws: EffectError.self) { _ = try await open(chain, Secret("other"), answer: Login()) }
        #expect(replayer.divergence?.message.contains("Login cannot be replayed: it holds a secret") == true)
    }

    @Test("an argument that is not Codable is its type's name; an answer that is not says so when it is replayed")
    func uncodable() async throws {
        try await record { chain in
            #expect(try await open(chain, NoCode(), answer: 5) == 5)
            _ = try await open(chain, 2, answer: NoCode())
        }
        #expect(try String(contentsOfFile: path, encoding: .utf8).contains(#""argument":{"type":"NoCode"}"#))
        let replayer = try replayer()
        let chain = replaying(replayer)
        #expect(try await open(chain, NoCode(), answer: 0) == 5)
        await #expect(throws: EffectError.self) { _ = try await open(chain, 2, answer: NoCode()) }
        #expect(replayer.divergence?.message.contains("line 3") == true)
        #expect(replayer.divergence?.message.contains("NoCode cannot be replayed: it is not Codable") == true)
    }

    @Test("an answer whose type has changed since is named with its line")
    func changedType() async throws {
        try await record { chain in _ = try await open(chain, answer: "text") }
        let replayer = try replayer()
        await #expect(throws: EffectError.self) { _ = try await open(replaying(replayer), answer: 1) }
        #expect(replayer.divergence?.message.contains("a string where a number belongs") == true)
    }

    @Test("calls without an answer come back")
    func void() async throws {
        try await record { chain in try await open(chain, answer: ()) }
        let replayer = try replayer()
        try await open(replaying(replayer), answer: ())
        #expect(replayer.answeredCount == 1)
    }

    @Test("a call that its task's cancellation ended waits for the cancellation again")
    func cancellation() async throws {
        @Sendable func wait(_ chain: InterceptorChain) async -> String {
            let call = chain.call(Self.call)
            do throws(EffectError) {
                try await chain.perform(call) { () async throws(EffectError) in
                    let (stream, _) = AsyncStream.makeStream(of: Void.self)
                    for await _ in stream {}
                    throw EffectError(.cancelled, "The task was cancelled.")
                }
                return "answered"
            } catch {
                return "\(error.code)"
            }
        }
        @Sendable func work(_ chain: InterceptorChain) async -> [String] {
            let isDone = Flag()
            return await withTaskGroup(of: String.self) { group in
                group.addTask {
                    let result = await wait(chain)
                    return "\(result) after the work: \(isDone.isSet)"
                }
                for _ in 0..<100 { await Task.yield() }
                isDone.set()
                group.cancelAll()
                return await group.reduce(into: []) { $0.append($1) }
            }
        }
        try await record { chain in #expect(await work(chain) == ["cancelled after the work: true"]) }
        let replayer = try replayer()
        #expect(await work(replaying(replayer)) == ["cancelled after the work: true"])
    }

    @Test("what was recorded is in the file after a second, while the application goes on")
    func flushing() async throws {
        let recorder = try recorder()
        let chain = chain(RecordingInterceptor(recorder: recorder, target: Self.target))
        _ = try await open(chain, answer: 1)
        var bytes = 0
        while bytes < 300 {
            time.advance(by: .seconds(1))
            await Task.yield()
            bytes = try Data(contentsOf: URL(fileURLWithPath: path)).count
        }
        #expect(try RecordingReader.read(path).calls.count == 1)
        await recorder.finish()
    }
}
