#if AWS
internal import AuraCloud
internal import AuraEffects
internal import AuraRuntime

/// A service whose answers are JSON, as the executor of its requests needs to know it.
///
/// Source: Smithy, "AWS JSON 1.0 protocol", "AWS JSON 1.1 protocol" and "AWS restJson1 protocol".
protocol AWSJSONService: CloudService {
    /// What a fault means to this service, where that is not what it means to every one.
    ///
    /// - Parameters:
    ///   - name: The service's name of it.
    ///   - document: The answer's document; `nil` where there is none.
    /// - Returns: The meaning; `nil` for what it means to every service.
    func judge(_ name: String, _ document: JSONNode?) -> AWSJudgement?
}

extension AWSJSONService {
    func fault(_ response: HTTPResponse, body: [UInt8]) -> ServiceFault {
        let document = try? JSONParser.parse(body)
        let name = AWSJSONFault.name(response.fields["x-amzn-errortype"] ?? document?.text("__type") ?? "")
        let words = document?.text("message") ?? document?.text("Message") ?? ""
        let requestID = response.fields["x-amzn-requestid"] ?? ""
        let judgement = judge(name, document) ?? AWSJSONFault.judge(name, response.status)
        return ServiceFault(
            judgement.code,
            name: name,
            words: words.isEmpty ? "" : HandlerErrors.quote(words),
            advice: judgement.advice,
            of: response,
            requestID: requestID.isEmpty ? "" : String(HandlerErrors.quote(requestID).dropFirst().dropLast()),
            isRetryable: judgement.isRetryable,
            mayHaveApplied: judgement.mayHaveApplied
        )
    }
}

/// What the faults of AWS's JSON protocols have in common.
enum AWSJSONFault {
    /// The name within `com.amazonaws.dynamodb.v20120810#ResourceNotFoundException`, which an address may follow after a colon.
    static func name(_ type: String) -> String {
        let end = type.prefix { $0 != ":" }
        let name = end.split(separator: "#").last ?? ""
        // It comes from outside, and stands in messages.
        return name.utf8.allSatisfy { $0.isNameByte || $0 == UInt8(ascii: ".") } ? String(name.prefix(128)) : ""
    }

    /// What a fault means to every service.
    static func judge(_ name: String, _ status: Int) -> AWSJudgement {
        switch name {
        case "UnknownOperationException", "UnsupportedOperation", "UnsupportedOperationException":
            return AWSJudgement(.unsupported, "The service at this endpoint lacks it.")
        default: break
        }
        let code = AWSFault.code(named: name, status: status)
        guard (500...599).contains(status), AWSFault.code(named: name, status: 400) != .throttled else {
            return AWSJudgement(code)
        }
        // Only what stands before a service answers so without a name.
        if status == 503, name.isEmpty { return AWSJudgement(.throttled) }
        return AWSJudgement(.unavailable, mayHaveApplied: true)
    }
}
#endif
