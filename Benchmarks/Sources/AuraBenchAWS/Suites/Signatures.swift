internal import AuraAWS
internal import AuraEffects
internal import AuraSystem
internal import Measuring

/// Signing one request after the other against botocore's signer: the same method, address and fields.
final class Signatures: Comparison {
    let name = "sigv4"
    let unit = "signatures/s"
    let isHigherBetter = true
    let target = Target.ratio(atLeast: 8)

    private let count: Int

    init(count: Int) {
        self.count = count
    }

    func measureOurs() async throws -> Double {
        Bucket.hashByOpenSSL()
        let signer = SigV4Signer(service: "s3", region: "us-east-1")
        let credentials = AWSCredentials(
            accessKeyID: Bucket.accessKeyID,
            secretAccessKey: Bucket.secretAccessKey
        )
        let time = SystemTimeHandler()
        let url = HTTPURL(.http, host: "127.0.0.1", port: 9000, path: "/bucket/notes/2026/a%20key")
        var fieldCount = 0
        let elapsed = await seconds {
            for _ in 0..<count {
                var request = HTTPRequest(.get, url, fields: ["range": "bytes=0-1023"])
                request.fields["x-amz-content-sha256"] = SigV4Signer.unsignedPayload
                fieldCount += signer.signed(request, credentials, at: time.now).fields.count
            }
        }
        precondition(fieldCount == 4 * count, "A signed request has its date and its signature.")
        return Double(count) / elapsed
    }

    func measureBaseline() async throws -> Double? {
        try Baseline.figure("signatures", 9000, count)
    }
}
