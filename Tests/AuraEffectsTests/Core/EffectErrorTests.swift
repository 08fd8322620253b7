internal import AuraEffects
internal import Testing

private struct Cause: Error, CustomStringConvertible {
    var description: String { "postgres://user:hunter2@host" }
}

@Suite("EffectError")
struct EffectErrorTests {
    private let error = EffectError(
        .unavailable,
        "The store cannot be reached: try again.",
        effect: "storage",
        operation: "write",
        handler: "sqlite",
        cause: Cause(),
        outcome: .unknown
    )

    @Test("the description names the place and leaves the cause out")
    func description() {
        #expect(
            "\(error)"
                == "storage.write (sqlite): unavailable: The store cannot be reached: try again. [outcome unknown]"
        )
        #expect(!String(describing: error).contains("hunter2"))
        #expect(!"\(error as any Error)".contains("hunter2"))
    }

    @Test("the debug description adds the cause")
    func debugDescription() {
        #expect(error.debugDescription.hasPrefix(error.description))
        #expect(error.debugDescription.contains("hunter2"))
    }

    @Test("parts that are missing leave no punctuation behind")
    func missingParts() {
        #expect(EffectError(.notFound, "No.").description == "notFound: No.")
        #expect(EffectError(.notFound, "No.", effect: "storage").description == "storage: notFound: No.")
        #expect(EffectError(.notFound, "No.", operation: "read").description == "read: notFound: No.")
        #expect(EffectError(.notFound, "No.", handler: "memory").description == "memory: notFound: No.")
    }

    @Test("the code says whether to try again unless the handler knows better")
    func retryable() {
        let retryable: Set<EffectError.Code> = [.resourceExhausted, .throttled, .unavailable, .deadlineExceeded]
        let others: Set<EffectError.Code> = [
            .notFound, .conflict, .preconditionFailed, .compacted, .invalidArgument, .unauthenticated,
            .permissionDenied, .cancelled, .corrupted, .unsupported, .unimplemented, .internal,
        ]
        for code in retryable { #expect(EffectError(code, "").isRetryable, "\(code)") }
        for code in others { #expect(!EffectError(code, "").isRetryable, "\(code)") }
        #expect(!EffectError(.unavailable, "", isRetryable: false).isRetryable)
    }
}
