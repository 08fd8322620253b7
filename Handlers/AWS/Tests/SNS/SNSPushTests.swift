#if AWS
internal import AuraCloud
internal import AuraEffects
internal import AuraRuntime
internal import Foundation
internal import OpenSSLSupport
internal import Testing

@testable internal import AuraAWS

@Suite("What SNS pushes to an address, as moto signs it")
struct SNSPushTests {
    private struct Pushed {
        var sns: SNSTopics
        var bodies: [[UInt8]]
        var http: CertificateHTTP
    }

    /// What an address has taken of two messages.
    private func pushed(_ services: TestServices) async throws -> Pushed {
        let http = CertificateHTTP(services.store.http, services.server)
        let topics = try await services.topics(over: http)
        try await topics.createTopic("a")
        let name = UUID().uuidString
        let push = Subscription("one", to: "a", delivery: .push(to: services.server.pushAddress(name)))
        for _ in 0..<2 { try await topics.subscribe(push) }
        #expect(try await topics.subscriptions(of: "a") == [push])
        for body in [Array("é\n\"1\"".utf8), []] as [[UInt8]] { try await topics.publish(TopicMessage(body), to: "a") }
        return Pushed(sns: SNSTopics(handler: topics), bodies: try services.server.pushed(to: name), http: http)
    }

    private func changed(_ body: [UInt8], _ change: (inout [String: Any]) -> Void) throws -> [UInt8] {
        var members = try #require(try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any])
        change(&members)
        return Array(try JSONSerialization.data(withJSONObject: members))
    }

    private func code(_ sns: SNSTopics, _ body: [UInt8]) async -> EffectError.Code? {
        await #expect(throws: EffectError.self) { _ = try await sns.read(body) }?.code
    }

    @Test("a message of the account's topics with a good signature is read")
    func reading() async throws {
        let services = TestServices.shared()
        let pushed = try await pushed(services)
        try #require(pushed.bodies.count == 2)
        let delivery = try await pushed.sns.read(pushed.bodies[0])
        #expect(delivery.content == .message(TopicMessage(Array("é\n\"1\"".utf8))))
        #expect(delivery.topic == "a")
        for _ in 0..<3 { _ = try await pushed.sns.read(pushed.bodies[0]) }
        #expect(pushed.http.count == 1)
        await #expect(throws: EffectError.self) { try await pushed.sns.confirm(delivery) }
        await pushed.sns.handler.stop()
        await services.close()
    }

    @Test("what is not signed by SNS for a topic of the account is refused")
    func refusing() async throws {
        let services = TestServices.shared()
        let pushed = try await pushed(services)
        let body = try #require(pushed.bodies.first)
        let sns = pushed.sns
        #expect(await code(sns, try changed(body) { $0["Message"] = "another" }) == .unauthenticated)
        #expect(await code(sns, try changed(body) { $0["SignatureVersion"] = "1" }) == .unauthenticated)
        #expect(await code(sns, try changed(body) { $0["Signature"] = "AAAA" }) == .unauthenticated)
        let another = "arn:aws:sns:us-east-1:210987654321:a"
        #expect(await code(sns, try changed(body) { $0["TopicArn"] = another }) == .unauthenticated)
        #expect(await code(sns, Array("{}".utf8)) == .unauthenticated)
        let fetched = pushed.http.count
        let elsewhere = [
            "https://sns.evil.example/a.pem", "https://sns.us-east-1.amazonaws.com.evil.example/a.pem",
            "http://sns.us-east-1.amazonaws.com/a.pem", "https://sns.us-east-1.amazonaws.com:8443/a.pem",
            "https://evil@sns.us-east-1.amazonaws.com/a.pem",
        ]
        for url in elsewhere {
            #expect(await code(sns, try changed(body) { $0["SigningCertURL"] = url }) == .unauthenticated)
        }
        #expect(pushed.http.count == fetched)
        await sns.handler.stop()
        await services.close()
    }

    @Test("a question for confirmation is read and confirmed")
    func confirming() async throws {
        let services = TestServices.shared()
        let vectors = try NotificationVectors()
        let http = ConfirmingHTTP(services.store.http, Array(vectors.certificate.utf8))
        let topics = SNSTopics(handler: try await services.topics(over: http, in: "us-east-1"))
        let question = try #require(vectors.documents.first { $0.contains("SubscriptionConfirmation") })
        let delivery = try await topics.read(Array(question.utf8))
        #expect(delivery.content == .confirmation)
        try await topics.confirm(delivery)
        let form = try #require(http.confirmations.first)
        #expect(http.confirmations.count == 1)
        #expect(form.contains("Token=the-token"))
        #expect(form.contains("TopicArn=arn%3Aaws%3Asns%3Aus-east-1%3A123456789012%3Aa"))
        await topics.handler.stop()
        await services.close()
    }

    @Test("signatures of both versions are those that OpenSSL makes")
    func vectors() throws {
        let vectors = try NotificationVectors()
        let pem = Array(vectors.certificate.utf8)
        let key = try #require(try Certificate.read(pem: pem, from: "the vectors").first)
        #expect(vectors.documents.count == 4)
        for text in vectors.documents {
            let document = try #require(SNSDocument(Array(text.utf8)))
            #expect(key.isSignature(document.signature, of: document.signed, hashedBy: document.hash))
            #expect(!key.isSignature(document.signature, of: document.signed + [0], hashedBy: document.hash))
            var other = document.signature
            other[100] ^= 1
            #expect(!key.isSignature(other, of: document.signed, hashedBy: document.hash))
            let delivery = try #require(document.delivery(of: "a"))
            #expect((delivery.token == nil) == (document.type == "Notification"))
        }
        #expect(throws: EffectError.self) { try Certificate.read(pem: pem.dropLast(200), from: "the vectors") }
    }
}

/// Documents as SNS signs them, see `Vectors/make_notifications.py`.
struct NotificationVectors: Decodable {
    var certificate: String
    var documents: [String]

    init() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../Vectors/notifications.json").standardizedFileURL
        self = try JSONDecoder().decode(Self.self, from: Data(contentsOf: file))
    }
}
#endif
