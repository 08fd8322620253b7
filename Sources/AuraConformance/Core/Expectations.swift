internal import AuraEffects

func expect(
    _ condition: Bool,
    _ message: @autoclosure () -> String,
    fileID: String = #fileID,
    line: Int = #line
) throws {
    guard condition else { throw BrokenExpectation(message: message(), fileID: fileID, line: line) }
}

func expectEqual<Value: Equatable>(
    _ actual: Value,
    _ expected: Value,
    _ what: @autoclosure () -> String,
    fileID: String = #fileID,
    line: Int = #line
) throws {
    guard actual != expected else { return }
    let message = "\(what()): expected \(shortened(expected)), but it was \(shortened(actual))"
    throw BrokenExpectation(message: message, fileID: fileID, line: line)
}

func require<Value>(
    _ value: Value?,
    _ what: @autoclosure () -> String,
    fileID: String = #fileID,
    line: Int = #line
) throws -> Value {
    guard let value else { throw BrokenExpectation(message: "\(what()) is missing", fileID: fileID, line: line) }
    return value
}

/// Expects that `body` does not fail, where that is what a law is about, and returns what it does.
@discardableResult
func expectSuccess<Value>(
    _ what: String,
    fileID: String = #fileID,
    line: Int = #line,
    of body: () async throws -> Value
) async throws -> Value {
    do {
        return try await body()
    } catch let error as EffectError {
        let message = "\(what): expected success, but it threw \(error.debugDescription)"
        throw BrokenExpectation(message: message, fileID: fileID, line: line)
    }
}

/// Expects that `body` fails with `code`, having changed nothing.
@discardableResult
func expectFailure<Value>(
    _ code: EffectError.Code,
    _ what: String,
    outcome: EffectError.Outcome? = .notApplied,
    fileID: String = #fileID,
    line: Int = #line,
    of body: () async throws -> Value
) async throws -> EffectError {
    func broken(_ message: String) -> BrokenExpectation {
        BrokenExpectation(message: "\(what): expected \(code), but \(message)", fileID: fileID, line: line)
    }
    let failure: any Error
    do {
        let value = try await body()
        throw broken("it succeeded with \(shortened(value))")
    } catch {
        failure = error
    }
    if failure is BrokenExpectation { throw failure }
    guard let error = failure as? EffectError else { throw broken("it threw \(shortened(failure)), no EffectError") }
    guard error.code == code else { throw broken("it threw \(error.debugDescription)") }
    guard outcome == nil || error.outcome == outcome else { throw broken("its outcome is \(error.outcome)") }
    return error
}

/// Expects that `body`, called by a task that is cancelled already, fails with `cancelled`.
func expectCancelled<Value: Sendable>(
    _ what: String,
    fileID: String = #fileID,
    line: Int = #line,
    _ body: @escaping @Sendable () async throws -> Value
) async throws {
    try await within(Patience.step, "\(what) of a cancelled task", fileID: fileID, line: line) {
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            return try await body()
        }
        task.cancel()
        try await expectFailure(.cancelled, "\(what) of a cancelled task", fileID: fileID, line: line) {
            try await task.value
        }
    }
}

/// Expects that nothing an error prints holds `marker`, and that it says where it comes from.
func expectDiscreet(
    _ error: EffectError,
    effect: String,
    hiding marker: String,
    fileID: String = #fileID,
    line: Int = #line
) throws {
    let spellings = [marker, "\(Array(marker.utf8))", Array(marker.utf8).map { hexadecimal($0) }.joined()]
    for text in [error.description, error.debugDescription, error.message, String(reflecting: error.cause)] {
        for spelling in spellings {
            let isHidden = !text.lowercased().contains(spelling.lowercased())
            try expect(isHidden, "the error \(error.code) prints the payload", fileID: fileID, line: line)
        }
    }
    let origin = "of the error \(error.debugDescription)"
    try expectEqual(error.effect, effect, "the effect \(origin)", fileID: fileID, line: line)
    try expect(!error.operation.isEmpty, "no operation is named \(origin)", fileID: fileID, line: line)
    try expect(!error.handler.isEmpty, "no handler is named \(origin)", fileID: fileID, line: line)
    try expect(!error.message.isEmpty, "no message \(origin)", fileID: fileID, line: line)
}

private func hexadecimal(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16)
    return digits.count == 1 ? "0\(digits)" : digits
}

/// A value as a message shows it: payloads can be large.
private func shortened(_ value: some Any) -> String {
    let text = String(describing: value)
    return text.utf8.count <= 300 ? text : "\(text.prefix(300))…"
}
