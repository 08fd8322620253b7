internal import AuraEffects

/// Writes the lines of calls.
struct CallLine {
    private let encoding: ValueEncoding

    init(_ encoding: ValueEncoding) {
        self.encoding = encoding
    }

    /// The members that a recorded call is found by, without their braces.
    func appendKey(_ call: EffectCall, instance: String, task: String) {
        encoding.bytes.append("\"call\":")
        encoding.bytes.append(jsonString: call.operation.key)
        append(",\"instance\":", instance)
        append(",\"resource\":", call.resource)
        append(",\"task\":", task)
    }

    private func append(_ name: StaticString, _ text: String) {
        if text.isEmpty { return }
        encoding.bytes.append(name)
        encoding.bytes.append(jsonString: text)
    }

    /// The arguments as an object, in the order of the method.
    ///
    /// Long byte arrays are there by count and checksum, and what is not `Encodable` by the name of its type: arguments are
    /// compared and not read back.
    func appendArguments(_ arguments: [EffectArgument]) {
        encoding.byteStyle = .compared
        encoding.bytes.append(UInt8(ascii: "{"))
        for index in arguments.indices {
            if index > 0 { encoding.bytes.append(UInt8(ascii: ",")) }
            let argument = arguments[index]
            encoding.bytes.append(jsonString: argument.name)
            encoding.bytes.append(UInt8(ascii: ":"))
            if encoding.writeDirectly(argument.value) { continue }
            guard let value = argument.value as? any Encodable, encoding.write(value) == nil else {
                encoding.bytes.append("{\"type\":")
                encoding.bytes.append(jsonString: String(describing: type(of: argument.value)))
                encoding.bytes.append(UInt8(ascii: "}"))
                continue
            }
        }
        encoding.bytes.append(UInt8(ascii: "}"))
    }

    /// The answer, or why it is not there.
    func append(answer: EffectAnswer) {
        if answer is AnswerOf<Void> {
            encoding.bytes.append(",\"answer\":null")
            return
        }
        let value = answer.value
        let start = encoding.bytes.count
        encoding.byteStyle = .whole
        encoding.hasSecret = false
        encoding.bytes.append(",\"answer\":")
        var reason: String?
        if encoding.writeDirectly(value) {
            return
        } else if let value = value as? any Codable {
            reason = encoding.write(value)
        } else {
            reason = "it is not Codable"
        }
        if encoding.hasSecret { reason = "it holds a secret, which no recording keeps" }
        guard let reason else { return }
        encoding.bytes.removeSubrange(start...)
        encoding.bytes.append(",\"unreplayable\":")
        encoding.bytes.append(jsonString: "an answer of type \(type(of: value)) cannot be replayed: \(reason)")
    }

    /// How a call failed.
    ///
    /// - Parameters:
    ///   - error: The error.
    ///   - isCancelled: Whether it failed because its task was cancelled.
    func append(error: EffectError, isCancelled: Bool) {
        encoding.byteStyle = .whole
        encoding.bytes.append(",\"error\":")
        if encoding.write(error) != nil { encoding.bytes.append("null") }
        if isCancelled { encoding.bytes.append(",\"taskCancelled\":true") }
    }
}
