internal import AuraEffects
internal import AuraRuntime
internal import RuntimeFixture
internal import Testing

@Suite("Needs against capabilities")
struct NeedsTests {
    private let listed = "handler: list"

    @Test("what the handlers declare satisfies the needs")
    func satisfied() throws {
        let report = try Assembly(yaml: profile()).needs
        #expect(report.isMet)
        #expect(report.lines.map(\.status) == [.satisfied, .satisfied, .satisfied])
        #expect(report.lines.map(\.name) == ["notes.durable", "time", "random"])
        #expect(report.lines.first?.handler == "file")
    }

    @Test("a need that is not met refuses the profile before anything is made")
    func refused() {
        let events = Events()
        let error = #expect(throws: ProfileErrors.self) { try Assembly(yaml: profile(listed), events: events) }
        #expect(error?.errors.map(\.code) == [.needNotMet])
        #expect(events.all.isEmpty)
    }

    @Test("settings that take a capability away only together are all named, each with its place")
    func together() {
        let tuned = HandlerDeclaration(
            NotesEffect.self,
            technology: "tuned",
            summary: "Notes that are durable while either way of syncing is on.",
            settings: [
                .optional("early", .boolean, default: "true", "Whether to sync early."),
                .optional("late", .boolean, default: "true", "Whether to sync late."),
            ],
            capabilities: { settings, _ in
                // Two settings of which neither alone gives the capability back.
                Capabilities(settings.boolean("early") == true && settings.boolean("late") == true ? [.durable] : [])
            },
            make: { _, _ throws(EffectError) in throw EffectError(.unavailable, "It is never made.") }
        )
        let error = #expect(throws: ProfileErrors.self) {
            try Assembly(
                Profile(yaml: profile("handler: tuned, early: false, late: false"), file: "test.yaml"),
                HandlerRegistry {
                    FixtureHandlers(events: Events())
                    OneHandler(declaration: tuned)
                },
                needs: Notebook.needs,
                variables: ["AURA_NOTES_LATE": "false"],
                machine: unlimitedMachine
            )
        }
        #expect(error?.errors.map(\.key) == ["notes.early"])
        let message = error?.errors.first?.message ?? ""
        #expect(message.contains("'early: false', 'late: false' (environment variable AURA_NOTES_LATE); go back to"))
        #expect(message.contains("(linked: file, broken)"))
    }

    @Test("where no linked handler meets a need, none is listed")
    func noHandlerDoes() {
        let needs: EffectNeeds = [EffectNeed(NotesEffect.self, [.replication])]
        let error = #expect(throws: ProfileErrors.self) { try Assembly(yaml: profile(), needs: needs) }
        #expect(
            error?.errors.first?.message
                == "the application needs 'replication', which 'file' does not declare; no linked handler does, so "
                + "link one that does, or for development add 'waive: [notes.replication]'"
        )
    }

    @Test("a waived need is reported as waived")
    func waived() throws {
        let report = try Assembly(yaml: profile(listed) + "\nwaive: [notes.durable]").needs
        #expect(report.isMet)
        #expect(report.waived.map(\.name) == ["notes.durable"])
    }

    @Test("each lacking capability is named, and one waiver waives one of them")
    func several() {
        let needs: EffectNeeds = [EffectNeed(NotesEffect.self, [.durable, .transactions, .snapshots])]
        let yaml = profile(listed) + "\nwaive: [notes.durable]"
        let error = #expect(throws: ProfileErrors.self) { try Assembly(yaml: yaml, needs: needs) }
        #expect(error?.errors.count == 2)
        #expect(error?.errors.first?.message.contains("'snapshots'") == true)
        #expect(error?.errors.last?.message.contains("'transactions'") == true)
    }

    @Test("a limit below what is needed refuses the profile; an undeclared limit is none")
    func limits() throws {
        let small: EffectNeeds = [EffectNeed(NotesEffect.self, atLeast: [.valueBytes: 100])]
        let large: EffectNeeds = [EffectNeed(NotesEffect.self, atLeast: [.valueBytes: 101])]
        #expect(try Assembly(yaml: profile(listed), needs: small).needs.isMet)
        #expect(try Assembly(yaml: profile(), needs: large).needs.isMet)
        let error = #expect(throws: ProfileErrors.self) { try Assembly(yaml: profile(listed), needs: large) }
        #expect(error?.errors.first?.message.contains("'valueBytes at least 101'") == true)
        let waived = try Assembly(yaml: profile(listed) + "\nwaive: [notes.valueBytes]", needs: large)
        #expect(waived.needs.waived.map(\.name) == ["notes.valueBytes"])
    }

    @Test("a family without a handler cannot be waived")
    func missingFamily() {
        let needs: EffectNeeds = [.journal(.durable)]
        let yaml = profile() + "\nwaive: [journal.durable]"
        let error = #expect(throws: ProfileErrors.self) { try Assembly(yaml: yaml, needs: needs) }
        #expect(error?.errors.map(\.key) == ["journal"])
    }

    @Test("a need of a named instance is met by that instance alone")
    func instance() {
        let needs: EffectNeeds = [EffectNeed(NotesEffect.self, instance: "archive")]
        let error = #expect(throws: ProfileErrors.self) { try Assembly(yaml: profile(), needs: needs) }
        #expect(error?.errors.map(\.key) == ["notes.archive"])
    }

    @Test("a server waives nothing, also where a variable makes it one")
    func server() {
        let yaml = profile(listed) + "\nwaive: [notes.durable]"
        let error = #expect(throws: ProfileErrors.self) {
            try Assembly(yaml: yaml, variables: ["AURA_ENVIRONMENT": "server"])
        }
        #expect(error?.errors.map(\.code) == [.waiveRefused])
    }

    @Test("a server whose profile waives the empty list is right")
    func serverWithoutWaivers() throws {
        let assembly = try Assembly(yaml: profile(environment: "server") + "\nwaive: []")
        #expect(assembly.environment == .server)
    }
}

private struct OneHandler: HandlerBundle {
    let declaration: HandlerDeclaration
    var declarations: [HandlerDeclaration] { [declaration] }
}
