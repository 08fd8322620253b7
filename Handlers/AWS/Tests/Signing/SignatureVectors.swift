#if AWS
internal import AuraEffects
internal import Foundation
internal import Testing

@testable internal import AuraAWS

/// Requests as botocore signs them, see `Vectors/make_vectors.py`.
struct SignatureVectors: Decodable {
    struct Case: Decodable, Sendable, CustomTestStringConvertible {
        var name: String
        var service: String
        var method: String
        var target: String
        var headers: [[String]]
        var token: String
        var body: String
        var canonical: String
        var signature: String

        var testDescription: String { name }

        var request: HTTPRequest {
            get throws {
                let url = try #require(HTTPURL("https://example.amazonaws.com\(target)"))
                var request = HTTPRequest(HTTPMethod(rawValue: method), url)
                for header in headers { request.fields.append(HTTPField(header[0], header[1])) }
                // The field is S3's: the others sign the hash alone.
                if service == "s3" { request.fields["x-amz-content-sha256"] = try payloadHash }
                return request
            }
        }

        var payloadHash: String {
            get throws {
                String(try #require(canonical.split(separator: "\n", omittingEmptySubsequences: false).last))
            }
        }
    }

    struct Presigned: Decodable, Sendable {
        var target: String
        var seconds: Int
        var token: String
        var signature: String
        var query: String
    }

    var cases: [Case]
    var presigned: [Presigned]

    static let shared: SignatureVectors = {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../Vectors/signatures.json").standardizedFileURL
        do {
            return try JSONDecoder().decode(SignatureVectors.self, from: Data(contentsOf: file))
        } catch {
            fatalError("The vectors cannot be read: \(error)")
        }
    }()

    static let secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
    /// 2015-08-30T12:36:00Z.
    static let moment = WallTime(nanosecondsSinceEpoch: 1_440_938_160_000_000_000)

    static func credentials(token: String) -> AWSCredentials {
        AWSCredentials(
            accessKeyID: "AKIDEXAMPLE",
            secretAccessKey: Secret(secret),
            sessionToken: token.isEmpty ? nil : Secret(token)
        )
    }
}

/// The examples of "Authenticating Requests: Using the Authorization Header" in the Amazon S3 API Reference.
struct S3Example: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var method: HTTPMethod
    var url: String
    var fields: [HTTPField] = []
    var payloadHash = SigV4Signer.emptyHash
    var signature: String

    /// 2013-05-24T00:00:00Z.
    static let moment = WallTime(nanosecondsSinceEpoch: 1_369_353_600_000_000_000)
    static let credentials = AWSCredentials(
        accessKeyID: "AKIAIOSFODNN7EXAMPLE",
        secretAccessKey: Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
    )

    static let all = [
        S3Example(
            testDescription: "GET of a range",
            method: .get,
            url: "https://examplebucket.s3.amazonaws.com/test.txt",
            fields: [HTTPField("Range", "bytes=0-9")],
            signature: "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
        ),
        S3Example(
            testDescription: "PUT",
            method: .put,
            url: "https://examplebucket.s3.amazonaws.com/test%24file.text",
            fields: [
                HTTPField("Date", "Fri, 24 May 2013 00:00:00 GMT"),
                HTTPField("x-amz-storage-class", "REDUCED_REDUNDANCY"),
            ],
            payloadHash: "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
            signature: "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"
        ),
        S3Example(
            testDescription: "GET of a bucket's lifecycle",
            method: .get,
            url: "https://examplebucket.s3.amazonaws.com/?lifecycle",
            signature: "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"
        ),
        S3Example(
            testDescription: "GET of a bucket's list",
            method: .get,
            url: "https://examplebucket.s3.amazonaws.com/?max-keys=2&prefix=J",
            signature: "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"
        ),
    ]
}
#endif
