#if AWS
internal import AuraEffects
internal import Foundation
internal import Testing

@testable internal import AuraAWS

@Suite("Signature Version 4")
struct SignatureTests {
    @Test("signs AWS's published requests, and more of S3, as botocore does", arguments: SignatureVectors.shared.cases)
    func cases(_ vector: SignatureVectors.Case) throws {
        let credentials = SignatureVectors.credentials(token: vector.token)
        let signer = SigV4Signer(service: vector.service, region: "us-east-1")
        let (signed, signature) = signer.sign(
            try vector.request,
            credentials,
            at: SignatureVectors.moment,
            payloadHash: try vector.payloadHash
        )
        #expect(signature.text == vector.signature)
        let authorization = try #require(signed.fields["authorization"])
        #expect(authorization.hasSuffix("Signature=\(vector.signature)"))
        #expect(authorization.contains("Credential=AKIDEXAMPLE/20150830/us-east-1/\(vector.service)/aws4_request, "))
        // A second signature comes from the key that was kept.
        let again = signer.sign(
            try vector.request,
            credentials,
            at: SignatureVectors.moment,
            payloadHash: try vector.payloadHash
        )
        #expect(again.signature.text == vector.signature)
    }

    @Test("has the signatures that AWS's suite publishes")
    func published() throws {
        // From the suite itself, so that botocore is checked too.
        let published = [
            "get-vanilla": "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
            "get-vanilla-query-order-key-case": "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
            "post-vanilla": "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
        ]
        for (name, signature) in published {
            #expect(SignatureVectors.shared.cases.first { $0.name == name }?.signature == signature)
        }
    }

    @Test("presigns as botocore does", arguments: SignatureVectors.shared.presigned)
    func presigned(_ vector: SignatureVectors.Presigned) throws {
        let url = try #require(HTTPURL("https://example.amazonaws.com\(vector.target)"))
        let signer = SigV4Signer(service: "s3", region: "us-east-1")
        let signed = signer.presign(
            .get,
            url,
            SignatureVectors.credentials(token: vector.token),
            at: SignatureVectors.moment,
            expiresIn: vector.seconds
        )
        #expect(signed.query?.contains("X-Amz-Signature=\(vector.signature)") == true)
        let parameters = { (query: String) in
            Set(query.split(separator: "&").filter { !$0.hasPrefix("X-Amz-Signature") })
        }
        #expect(parameters(signed.query ?? "") == parameters(vector.query))
    }

    @Test("signs the examples of the S3 API reference", arguments: S3Example.all)
    func examples(_ example: S3Example) throws {
        let signer = SigV4Signer(service: "s3", region: "us-east-1")
        var request = HTTPRequest(
            example.method,
            try #require(HTTPURL(example.url)),
            fields: HTTPFields(example.fields)
        )
        request.fields["x-amz-content-sha256"] = example.payloadHash
        let signature = signer.sign(request, S3Example.credentials, at: S3Example.moment).signature
        #expect(signature.text == example.signature)
    }

    @Test("presigns the example of the S3 API reference")
    func presignedExample() throws {
        let signer = SigV4Signer(service: "s3", region: "us-east-1")
        let url = signer.presign(
            .get,
            try #require(HTTPURL("https://examplebucket.s3.amazonaws.com/test.txt")),
            S3Example.credentials,
            at: S3Example.moment,
            expiresIn: 86_400
        )
        #expect(url.query?.hasSuffix("aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404") == true)
    }

    @Test("another day, key or secret derives another signing key")
    func derivedKeys() {
        let signer = SigV4Signer(service: "s3", region: "us-east-1")
        let bytes = Array("request".utf8)
        let later = WallTime(nanosecondsSinceEpoch: SignatureVectors.moment.nanosecondsSinceEpoch + 86_400_000_000_000)
        let other = AWSCredentials(accessKeyID: "AKIDEXAMPLE", secretAccessKey: Secret("another"))
        func sign(_ moment: WallTime, _ credentials: AWSCredentials) -> String {
            signer.signature(of: bytes, SigV4Date(moment), credentials).text
        }
        let credentials = SignatureVectors.credentials(token: "")
        let first = sign(SignatureVectors.moment, credentials)
        #expect(sign(later, credentials) != first)
        #expect(sign(SignatureVectors.moment, other) != first)
        #expect(sign(SignatureVectors.moment, credentials) == first)
    }

    @Test("prints no secret")
    func secrets() throws {
        let vector = try #require(SignatureVectors.shared.cases.first { !$0.token.isEmpty })
        let signer = SigV4Signer(service: vector.service, region: "us-east-1")
        let credentials = SignatureVectors.credentials(token: vector.token)
        let (signed, signature) = signer.sign(try vector.request, credentials, at: SignatureVectors.moment)
        var dumped = ""
        dump(signature, to: &dumped)
        dump(credentials, to: &dumped)
        let printed = "\(signed) \(signed.fields.map(\.description)) \(String(reflecting: credentials)) \(dumped)"
        for secret in [SignatureVectors.secret, vector.token, signed.fields["authorization"] ?? ""] {
            #expect(!printed.contains(secret))
        }
    }
}
#endif
