package import AuraEffects

/// The refusals of an append, with the same codes and the same words in every handler.
package struct AppendRefusals: Sendable {
    private let errors: HandlerErrors

    package init(_ errors: HandlerErrors) {
        self.errors = errors
    }

    /// Refuses an append whose stream does not look as its caller expects.
    ///
    /// - Parameters:
    ///   - append: The append.
    ///   - count: How many entries its stream has.
    /// - Throws: `preconditionFailed`.
    package func checkExpectation(of append: StreamAppend, count: UInt64) throws(EffectError) {
        let expected: String
        switch append.expecting {
        case .any: return
        case .empty:
            if count == 0 { return }
            expected = "no entry"
        case .exactly(let revision):
            if count > 0, revision.rawValue == count - 1 { return }
            expected = "its last entry at revision \(revision)"
        }
        let found = count == 0 ? "has no entry" : "ends at revision \(count - 1)"
        let stream = HandlerErrors.quote(append.stream.text)
        throw errors.error(
            .preconditionFailed,
            in: "append",
            "The caller expects \(expected) in the stream \(stream), which \(found): read on and decide again."
        )
    }

    /// The error of an append under an id that its stream holds with other content.
    package func otherContent(_ id: EntryID, in stream: StreamName) -> EffectError {
        errors.error(
            .conflict,
            in: "append",
            "The stream \(HandlerErrors.quote(stream.text)) holds another entry with the id \(id): give the new one an "
                + "id of its own."
        )
    }

    /// The error of an append of which only some ids are known.
    package func partlyKnown(_ known: EntryID, but new: EntryID) -> EffectError {
        errors.error(
            .conflict,
            in: "append",
            "The id \(known) is known but \(new) of the same append is not: append exactly what was appended before, or "
                + "only what is new."
        )
    }
}
