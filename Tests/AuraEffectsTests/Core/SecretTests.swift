internal import AuraEffects
internal import Testing

@Suite("Secret")
struct SecretTests {
    private struct Settings {
        var name = "db"
        var password = Secret("hunter2")
    }

    @Test("prints as redacted however it is printed")
    func redacted() {
        let secret = Secret("hunter2")
        #expect("\(secret)" == "<redacted>")
        #expect(String(reflecting: secret) == "<redacted>")
        #expect(Mirror(reflecting: secret).children.isEmpty)
        for text in [dumped(secret), dumped(Settings()), "\(Settings())", String(reflecting: [secret])] {
            #expect(!text.contains("hunter2"))
        }
        #expect(dumped(Settings()).contains("<redacted>"))
    }

    @Test("lends its value and lets errors through")
    func exposed() {
        #expect(Secret("hunter2").withExposedValue { $0.count } == 7)
        #expect(throws: EffectError.self) {
            try Secret("hunter2").withExposedValue { _ throws(EffectError) in throw EffectError(.internal, "") }
        }
    }

    private func dumped(_ value: Any) -> String {
        var text = ""
        dump(value, to: &text)
        return text
    }
}
