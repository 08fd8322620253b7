package import AuraEffects
package import Logging

/// Makes the handlers of a profile and asks each of them for something that changes nothing.
package struct LiveCheck: Sendable {
    /// How long a handler has for its answer.
    package static let patience = Duration.seconds(30)

    private let assembly: Assembly

    /// Creates the check of a profile that is right.
    package init(_ assembly: Assembly) {
        self.assembly = assembly
    }

    /// Asks one handler after the other; one that fails does not keep the others from being asked.
    ///
    /// - Parameter logger: What the handlers' loggers are made from.
    /// - Returns: What came of each, in the order of their start.
    package func run(logger: Logger) async -> [HandlerProbe] {
        let assembly: Assembly
        do {
            assembly = try await self.assembly.fetchingSecrets(logger: logger)
        } catch {
            let failure = EffectError(.unavailable, "\(error)", effect: SecretsEffect.name)
            return [HandlerProbe(key: SecretsEffect.name, handler: "", error: error as? EffectError ?? failure)]
        }
        var starter = Starter(assembly, logger: logger, executors: .threads, volume: nil)
        var probes: [HandlerProbe] = []
        do throws(EffectError) {
            try await starter.startPlatform()
        } catch {
            probes.append(HandlerProbe(key: "platform", handler: "system", error: error))
        }
        for handler in assembly.handlers { probes.append(await Self.probe(handler, &starter)) }
        for stop in starter.stops.reversed() { await stop() }
        return probes
    }

    private static func probe(_ handler: ResolvedHandler, _ starter: inout Starter) async -> HandlerProbe {
        var probe = HandlerProbe(key: handler.key, handler: handler.technology)
        let before = starter.time?.monotonicNow
        do throws(EffectError) {
            try await starter.start(handler)
        } catch {
            probe.error = error
            return probe
        }
        let time = starter.time
        // The clock itself has none to be measured by.
        let made = time?.monotonicNow
        if let before, let made, handler.effect != TimeEffect.name { probe.start = before.duration(to: made) }
        let question = HarmlessQuestion(effect: handler.effect, instance: handler.instance, effects: starter.effects)
        do throws(EffectError) {
            probe.found = try await answer(to: question, time)
            if let made, let time, question.isAsked { probe.answer = made.duration(to: time.monotonicNow) }
        } catch {
            probe.error = error
        }
        return probe
    }

    /// The answer to a question, unless it takes too long.
    private static func answer(
        to question: HarmlessQuestion,
        _ time: (any TimeEffects)?
    ) async throws(EffectError) -> String {
        guard let time else { return try await question.ask() }
        let result = await withTaskGroup(of: Result<String, EffectError>.self) { group in
            group.addTask {
                do throws(EffectError) {
                    return .success(try await question.ask())
                } catch {
                    return .failure(error)
                }
            }
            group.addTask {
                do throws(EffectError) {
                    try await time.sleep(for: patience)
                } catch {
                    return .failure(error)
                }
                let message =
                    "There was no answer within \(patience.spelled): look at the service and at the way to it."
                return .failure(EffectError(.deadlineExceeded, message, effect: question.effect))
            }
            defer { group.cancelAll() }
            return await group.next() ?? .success("")
        }
        return try result.get()
    }
}

/// What came of asking one handler of a profile.
package struct HandlerProbe: Sendable {
    /// The handler as a profile names it, such as `storage.archive`.
    package var key: String
    /// The handler's technology.
    package var handler: String
    /// How long it took to make the handler.
    package var start: Duration?
    /// How long the answer took; `nil` where it was not asked.
    package var answer: Duration?
    /// What it answered.
    package var found = ""
    /// Why there is no answer.
    package var error: EffectError?

    init(key: String, handler: String, error: EffectError? = nil) {
        self.key = key
        self.handler = handler
        self.error = error
    }

    package var isRight: Bool { error == nil }

    /// The cells of a table's row.
    package var row: [String] {
        let times = [start.map { "made in \($0.milliseconds) ms" }, answer.map { "answered in \($0.milliseconds) ms" }]
        let said = error.map { "\($0)" } ?? ([found] + times.compactMap(\.self)).joined(separator: ", ")
        return ["", key, handler, isRight ? "ok" : "FAILED", said]
    }

    package var json: JSONValue {
        [
            "handler": .string(handler),
            "key": .string(key),
            "ok": .boolean(isRight),
            "found": isRight ? .string(found) : .null,
            "startMilliseconds": start.map { .number($0.milliseconds) } ?? .null,
            "answerMilliseconds": answer.map { .number($0.milliseconds) } ?? .null,
            "error": error?.json ?? .null,
        ]
    }
}

extension Duration {
    /// To a tenth.
    fileprivate var milliseconds: Double { Double(nanoseconds / 100_000) / 10 }
}
