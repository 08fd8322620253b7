#if Generator
extension EffectRequirement {
    /// The beginning of the generated property or method, up to and with its brace, at the level of a type's members.
    func signature(_ access: String) -> String {
        let attributes = attributes.map { "    \($0)\n" }.joined()
        let answer = result.map { " -> \($0)" } ?? ""
        let effects =
            switch form {
            case .property, .synchronous: ""
            case .call: " async throws(EffectError)"
            case .foreignCall: " async throws"
            }
        if form == .property { return "\(attributes)    \(access)var \(swiftName): \(result ?? "Void") {" }
        let signature = SourceText.list(
            "\(access)func \(swiftName)(",
            parameters.map { .text($0.declaration) },
            ")\(effects)\(answer) {"
        )
        return "\(attributes)    \(signature.written(at: 1))"
    }

    /// The call of the same operation on the handler within, with what stands before it.
    func passedOn(_ before: String = "") -> SourceText {
        if form == .property { return .text("\(before)base.\(swiftName)") }
        return .list("\(before)base.\(swiftName)(", parameters.map { .text($0.argument) }, ")")
    }
}
#endif
