#if Generator
extension EffectProtocol {
    /// The handler with interceptors around every operation of another one.
    var intercepted: String {
        let initializer = SourceText.list(
            "\(memberAccess)init(",
            [.text("_ base: any \(name)"), .text("_ interceptors: InterceptorChain")],
            ") {"
        )
        let type = SourceText.text("\(access)\(typeKeyword) Intercepted\(name): \(name), InterceptedHandler {")
        var lines = ["/// A ``\(name)`` handler with interceptors around every operation."] + availability
        lines += [
            type.written(at: 0),
            "    /// The handler that the interceptors surround.",
            "    \(memberAccess)let base: any \(name)",
            "    private let interceptors: InterceptorChain",
            "",
            "    /// Puts a chain around a handler.",
            "    " + initializer.written(at: 1),
            "        self.base = base",
            "        self.interceptors = interceptors",
            "    }",
        ]
        for operation in operations {
            lines += ["", "    /// `\(effect).\(operation.operation)`."]
            // The protocol calls it through a thunk: as one function with it, it takes one asynchronous call less.
            if operation.form == .call || operation.form == .foreignCall { lines.append("    @inline(__always)") }
            lines += [operation.signature(memberAccess), operation.interceptedBody(catalogueName), "    }"]
        }
        return (lines + ["}"]).joined(separator: "\n")
    }

    /// How the generated handlers are declared.
    var typeKeyword: String { isClassBound ? "final class" : "struct" }
}

extension EffectRequirement {
    fileprivate func interceptedBody(_ catalogue: String) -> String {
        switch form {
        case .property, .synchronous:
            let body = SourceText.list("interceptors.synchronous(", [call(catalogue), passedOn()], ")")
            return "        " + body.written(at: 2)
        case .call, .foreignCall:
            return """
                        \(call(catalogue, "let call = ").written(at: 2))
                        guard interceptors.onlyObserves else {
                            let base = base
                \(throughInterceptors)
                        }
                        let start = interceptors.began(call)
                \(observed)
                """
        }
    }

    /// The description of the call for interceptors.
    private func call(_ catalogue: String, _ before: String = "") -> SourceText {
        var elements: [SourceText] = [.text("\(catalogue).\(element)")]
        if let resource { elements.append(.text("resource: \(resource.local).effectResource")) }
        switch idempotency {
        case .never: break
        case .always: elements.append(.text("isIdempotent: true"))
        case .when(let condition): elements.append(.text("isIdempotent: \(condition)"))
        }
        if let repeatable { elements.append(.text("isRepeatable: \(repeatable)")) }
        if !parameters.isEmpty {
            let arguments = parameters.map { SourceText.text("EffectArgument(\"\($0.name)\", \($0.local))") }
            elements.append(.list("arguments: [", arguments, "]"))
        }
        return .list("\(before)interceptors.call(", elements, ")")
    }

    /// The handler's answer as interceptors pass it on.
    private var answer: SourceText { .list("AnswerOf(", [passedOn("try await ")], ")") }

    /// The way of a call where somebody takes part in it.
    private var throughInterceptors: String {
        if form == .call {
            return """
                            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                                \(answer.written(at: 4))
                            }
                            return try await interceptors.intercept(call, perform)
                """
        }
        return """
                        @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                            do {
                                return \(answer.written(at: 5, reserving: 7))
                            } catch {
                                throw interceptors.foreign(error, in: call)
                            }
                        }
                        do throws(EffectError) {
                            return try await interceptors.intercept(call, perform)
                        } catch {
                            throw error.original
                        }
            """
    }

    /// The way of a call that is only watched.
    private var observed: String {
        let isForeign = form == .foreignCall
        let error = isForeign ? "interceptors.foreign(error, in: call)" : "error"
        let call = passedOn(result == nil ? "try await " : "let answer = try await ").written(at: 3)
        let end = result == nil ? "" : "\n            return answer"
        return """
                    do\(isForeign ? "" : " throws(EffectError)") {
                        \(call)
                        interceptors.ended(call, since: start)\(end)
                    } catch {
                        interceptors.ended(call, since: start, with: \(error))
                        throw error
                    }
            """
    }
}
#endif
