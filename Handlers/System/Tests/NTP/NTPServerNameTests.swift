internal import Testing

@testable internal import AuraSystem

@Suite("Names of time servers")
struct NTPServerNameTests {
    @Test(
        "a name has a host and a port",
        arguments: [
            ("a.example", "a.example", 123), ("b.example:1123", "b.example", 1123), ("192.0.2.1:7", "192.0.2.1", 7),
            ("2001:db8::1", "2001:db8::1", 123), ("[2001:db8::1]", "2001:db8::1", 123), ("[::1]:11", "::1", 11),
        ]
    )
    func names(_ text: String, _ host: String, _ port: UInt16) throws {
        let name = try #require(NTPServerName(text))
        #expect(name.host == host)
        #expect(name.port == port)
        #expect(NTPServerName(name.description) == name)
    }

    @Test(
        "what is no name is refused",
        arguments: [
            "", ":123", "a:", "a:0", "a:65536", "a:b", "a b", "[::1", "[::1]x", "[]:1", "ntp://a", "ä.example",
        ]
    )
    func wrong(_ text: String) {
        #expect(NTPServerName(text) == nil)
    }
}
