#if SQLite
internal import Foundation
internal import Testing

/// `profile list` and `profile show`.
struct ProfileTests {
    let place: Workplace

    init() throws {
        place = try Workplace()
        try place.write(
            """
            profile: good
            environment: embedded
            journal: { handler: sqlite, path: journal.db }
            time: { handler: system }
            random: { handler: system }
            paint: { handler: brush }
            """,
            to: "mine/good.yaml"
        )
        try place.write("profile: bad\nenvironment: embedded\njournal: { handler: sqlit }\n", to: "mine/bad.yaml")
    }

    private var variables: [String: String] { ["AURA_PROFILES": place.file("mine")] }

    @Test("list finds profiles, says which are wrong, and names handlers with their settings")
    func list() throws {
        let json = try place.aura("profile", "list", "--json", variables: variables).json
        let profiles = try #require(json["profiles"] as? [[String: Any]])
        let good = try #require(profiles.first { $0["profile"] as? String == "good" })
        #expect(good["right"] as? Bool == true)
        let bad = try #require(profiles.first { $0["profile"] as? String == "bad" })
        #expect(bad["right"] as? Bool == false)
        let handlers = try #require(json["handlers"] as? [[String: Any]])
        let journal = try #require(
            handlers.first { $0["effect"] as? String == "journal" && $0["handler"] as? String == "sqlite" }
        )
        let settings = try #require(journal["settings"] as? [[String: Any]])
        #expect(settings.first?["key"] as? String == "path")
        #expect(settings.first?["required"] as? Bool == true)

        let text = try place.aura("profile", "list", variables: variables).output
        #expect(text.contains("good"))
        #expect(text.contains("wrong: "))
        #expect(text.contains("journal: sqlite"))
    }

    @Test("show explains a profile and how it meets needs; nothing is opened")
    func show() throws {
        let outcome = try place.aura(
            "profile",
            "show",
            "good",
            "--need",
            "journal.durable",
            "--json",
            variables: variables
        )
        #expect(outcome.code == 0, "\(outcome.output)")
        let json = try outcome.json
        #expect(json["profile"] as? String == "good")
        #expect((json["skipped"] as? [String]) == ["paint"])
        let needs = try #require(json["needs"] as? [[String: Any]])
        #expect(needs.first?["status"] as? String == "satisfied")
        let text = try place.aura("profile", "show", "mine/good.yaml", "--need", "journal.durable")
        #expect(text.output.contains("journal: sqlite"))
        #expect(text.output.contains("journal durable  satisfied  sqlite"))
        #expect(try place.names == ["mine"])
    }

    @Test("show ends with 78 where the profile is wrong or does not meet a need")
    func wrong() throws {
        let bad = try place.aura("profile", "show", "bad", variables: variables)
        #expect(bad.code == 78)
        #expect(bad.errors.contains("did you mean 'sqlite'?"))
        let unmet = try place.aura("profile", "show", "good", "--need", "storage", "--json", variables: variables)
        #expect(unmet.code == 78)
        let errors = try #require(try unmet.json["errors"] as? [[String: Any]])
        #expect(errors.first?["code"] as? String == "needNotMet")
    }
}
#endif
