public import AuraEffects
internal import Synchronization

/// Answers calls from a recording, until a call is not the recorded one; from then on every call fails.
final class CallReplayer: Sendable {
    /// The recorded calls of one key that were not asked for yet, in their order.
    private struct Unused {
        /// Indices of calls; `nil` for those asked for since, out of their turn.
        var calls: [Int?] = []
        var first = 0

        var rest: [Int] { calls[first...].compactMap(\.self) }

        mutating func take(at place: Int) {
            calls[place] = nil
            while first < calls.count, calls[first] == nil { first += 1 }
        }
    }

    private struct State {
        var unused: [Recording.Key: Unused] = [:]
        var answered = 0
        var divergence: EffectError?
        /// Who waits for the cancellation of its task.
        var waiting: [AsyncStream<Void>.Continuation] = []
    }

    let recording: Recording
    private let state: Mutex<State>
    private let stop: @Sendable (RecordingFailure) -> Never

    /// Creates a replayer.
    ///
    /// - Parameters:
    ///   - recording: The recording.
    ///   - stop: Ends the process where a call that cannot fail is not the recorded one.
    init(_ recording: Recording, stop: @escaping @Sendable (RecordingFailure) -> Never) {
        self.recording = recording
        self.stop = stop
        var state = State()
        for (index, call) in recording.calls.enumerated() {
            state.unused[call.key, default: Unused()].calls.append(index)
        }
        self.state = Mutex(state)
    }

    /// How many calls were answered.
    var answeredCount: Int { state.withLock(\.answered) }

    /// What the first call was that the recording does not answer; `nil` where there was none.
    var divergence: RecordingFailure? { state.withLock { $0.divergence?.recordingFailure } }

    /// The recorded answer of a call.
    ///
    /// - Parameters:
    ///   - call: The call.
    ///   - instance: The handler's instance.
    ///   - type: The type of the answer.
    /// - Returns: The answer.
    /// - Throws: The recorded error; where the recording has no such call, the error that says so.
    func answer(
        _ call: EffectCall,
        of instance: String,
        as type: EffectAnswerType
    ) async throws(EffectError) -> EffectAnswer {
        let recorded = try find(call, instance)
        if case .error(_, taskCancelled: true) = recorded.outcome {
            await waitForCancellation()
            if let divergence = state.withLock(\.divergence) { throw divergence }
        }
        return try answer(recorded, call, as: type)
    }

    /// The recorded answer of a call that answers at once; ends the process where there is none.
    func answerSynchronously(_ call: EffectCall, of instance: String, as type: EffectAnswerType) -> EffectAnswer {
        do throws(EffectError) {
            return try answer(try find(call, instance), call, as: type)
        } catch {
            stop(error.recordingFailure ?? RecordingFailure(.diverged, error.description))
        }
    }

    /// Lets everybody go on who waits for a cancellation, once the run is over.
    func finish() {
        for continuation in state.withLock(\.waiting) { continuation.finish() }
    }

    // MARK: Finding

    private func find(_ call: EffectCall, _ instance: String) throws(EffectError) -> Recording.Call {
        let asked = AskedCall(call, instance: instance)
        return try state.withLock { state throws(EffectError) in
            if let divergence = state.divergence { throw divergence }
            let unused = state.unused[asked.key]
            guard let unused, let place = place(of: asked, in: unused), let index = unused.calls[place] else {
                let others = recording.calls.filter { $0.key.isLike(asked.key) }
                throw diverge(
                    Divergence(asked, recorded: (unused?.rest ?? []).map { recording.calls[$0] }, others, recording)
                        .text,
                    call,
                    &state
                )
            }
            state.unused[asked.key]?.take(at: place)
            state.answered += 1
            return recording.calls[index]
        }
    }

    private func place(of asked: AskedCall, in unused: Unused) -> Int? {
        unused.calls[unused.first...].indices
            .first { place in
                guard let index = unused.calls[place] else { return false }
                return recording.bytes[recording.calls[index].arguments].elementsEqual(asked.arguments)
            }
    }

    private func diverge(_ text: String, _ call: EffectCall, _ state: inout State) -> EffectError {
        let error = EffectError(
            .replayDiverged,
            "The recording '\(recording.path)' does not answer this call: the replay ends here, and shows both sides.",
            effect: call.operation.effect,
            operation: call.operation.name,
            handler: "replay",
            cause: RecordingFailure(.diverged, text),
            isRetryable: false
        )
        state.divergence = error
        for continuation in state.waiting { continuation.finish() }
        return error
    }

    // MARK: Answering

    private func answer(
        _ recorded: Recording.Call,
        _ call: EffectCall,
        as type: EffectAnswerType
    ) throws(EffectError) -> EffectAnswer {
        let reason: String
        do {
            switch recorded.outcome {
            case .answer(let range):
                if let answer = try type.decoded(recording.bytes, range) { return answer }
                reason = "its answer is of the type \(type.type), which is not Codable"
            case .error(let range, _):
                throw try ValueDecoder(try JSONParser.parse(recording.bytes, in: range)).decode(EffectError.self)
            case .unreplayable(let text):
                reason = text
            }
        } catch let error as EffectError {
            throw error
        } catch {
            reason = "its answer cannot be read as \(type.type): \(Self.text(error))"
        }
        throw state.withLock { state in
            let place = "The call \(call.operation) of line \(recorded.line) in '\(recording.path)' was recorded, but"
            return diverge("\(place) \(reason).", call, &state)
        }
    }

    private static func text(_ error: any Error) -> String {
        switch error {
        case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context),
            DecodingError.keyNotFound(_, let context), DecodingError.dataCorrupted(let context):
            context.debugDescription
        default: "\(error)"
        }
    }

    private func waitForCancellation() async {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
        let isOver = state.withLock { state in
            state.waiting.append(continuation)
            return state.divergence != nil
        }
        if isOver { continuation.finish() }
        for await _ in stream {}
    }
}

extension EffectError.Code {
    /// A replayed application asked for another call than the recorded ones: a code that no handler throws, so that nobody
    /// takes it for an outcome to deal with.
    public static let replayDiverged = EffectError.Code(rawValue: "replayDiverged")
}

extension EffectError {
    fileprivate var recordingFailure: RecordingFailure? { cause as? RecordingFailure }
}

extension EffectAnswerType {
    /// The recorded answer; `nil` where the type cannot be read.
    fileprivate func decoded(_ bytes: [UInt8], _ range: Range<Int>) throws -> EffectAnswer? {
        if type == Void.self { return answer(()) }
        guard let decodable = type as? any Decodable.Type else { return nil }
        return answer(try ValueDecoder(try JSONParser.parse(bytes, in: range)).decode(decodable))
    }
}
