#if AWS
internal import AuraCloud
internal import AuraEffects
internal import AuraRuntime

/// A service whose requests are forms and whose answers are XML, as the executor of its requests needs to know it.
///
/// Source: Smithy, "AWS query protocol".
protocol AWSQueryService: CloudService {
    /// The version of its interface, which every request names.
    var version: String { get }

    /// Whether errors may repeat the service's own words: not where those may quote a secret.
    var mayBeQuoted: Bool { get }

    /// What a fault means to this service; `nil` for what it means to every one.
    func judge(_ name: String) -> AWSJudgement?
}

extension AWSQueryService {
    func fault(_ response: HTTPResponse, body: [UInt8]) -> ServiceFault {
        let document = try? XMLReader.read(body)
        let error = document?["Error"] ?? document
        let name = AWSJSONFault.name(error?.text("Code") ?? "")
        let words = mayBeQuoted ? error?.text("Message") ?? "" : ""
        let requestID = document?.text("RequestId") ?? response.fields["x-amzn-requestid"] ?? ""
        let judgement = judge(name) ?? AWSJSONFault.judge(name, response.status)
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
#endif
