internal import AuraEffects

/// A reference to a service's secret, with the setting that has it.
struct PendingSecret: Sendable {
    var reference: SecretReference
    /// The setting's key.
    var key: String
    var place: SettingPlace
}

/// Fetches secrets side by side, each once, until a deadline.
struct SecretFetching: Sendable {
    /// How long all of them together may take.
    static let patience = Duration.seconds(30)
    /// How many requests are under way at once.
    static let width = 8

    let secrets: any SecretEffects
    let time: any TimeEffects

    /// Fetches what is pending.
    ///
    /// - Parameter pending: The references; one that occurs several times is fetched once.
    /// - Returns: The secrets that came, and the errors of the others.
    func fetch(
        _ pending: [PendingSecret]
    ) async -> (secrets: [SecretReference: Secret<String>], errors: [SecretReference: EffectError]) {
        var waiting: [SecretReference] = []
        for reference in pending.map(\.reference) where !waiting.contains(reference) { waiting.append(reference) }
        let count = waiting.count
        var secrets: [SecretReference: Secret<String>] = [:]
        var errors = Dictionary(uniqueKeysWithValues: waiting.map { ($0, Self.late($0)) })
        var answered = 0
        await withTaskGroup(of: Answer?.self) { group in
            group.addTask { [time] in
                try? await time.sleep(for: Self.patience)
                return nil
            }
            func fetchNext() {
                guard !waiting.isEmpty else { return }
                let reference = waiting.removeFirst()
                group.addTask { await answer(reference) }
            }
            for _ in 0..<Self.width { fetchNext() }
            while answered < count, let answer = await group.next().flatMap(\.self) {
                answered += 1
                switch answer.result {
                case .success(let secret):
                    secrets[answer.reference] = secret
                    errors[answer.reference] = nil
                case .failure(let error): errors[answer.reference] = error
                }
                fetchNext()
            }
            group.cancelAll()
        }
        return (secrets, errors)
    }

    private struct Answer: Sendable {
        var reference: SecretReference
        var result: Result<Secret<String>, EffectError>
    }

    private func answer(_ reference: SecretReference) async -> Answer {
        do throws(EffectError) {
            return Answer(reference: reference, result: .success(try await secrets.secret(reference)))
        } catch {
            return Answer(reference: reference, result: .failure(error))
        }
    }

    private static func late(_ reference: SecretReference) -> EffectError {
        EffectError(
            .deadlineExceeded,
            "There was no answer within \(patience.spelled): look at the service and at the way to it.",
            effect: SecretsEffect.name,
            operation: "secret"
        )
    }
}
