internal import AuraEffects
package import Logging

/// Secrets that services keep are fetched between the check of a profile, which asks nobody, and the making of its handlers.
extension Assembly {
    /// The effects that secrets are fetched with, and which can have none of those themselves.
    static let effectsOfFetching: Set<String> = [
        TimeEffect.name, RandomEffect.name, HTTPEffect.name, SecretsEffect.name,
    ]

    /// This assembly with the secrets that services keep; itself where the profile names none.
    ///
    /// - Parameters:
    ///   - logger: Takes a ``SecurityEvent`` for each secret that is read.
    ///   - executors: Makes the executors of blocking calls.
    ///   - volume: Where handlers keep files; `nil` for the machine's file system.
    /// - Returns: The assembly.
    /// - Throws: ``ProfileErrors`` that name each reference that cannot be had, never a value; ``EffectError`` where the handlers
    ///   that fetch cannot be made, or the task was cancelled.
    package func fetchingSecrets(
        logger: Logger,
        executors: HandlerExecutorFactory = .threads,
        volume: (any FileVolume)? = nil
    ) async throws -> Assembly {
        guard !pendingSecrets.isEmpty else { return self }
        var starter = Starter(self, logger: logger, executors: executors, volume: volume)
        let stop = { (stops: [@Sendable () async -> Void]) in for stop in stops.reversed() { await stop() } }
        do throws(EffectError) {
            try await starter.startPlatform()
            for handler in handlers where Self.effectsOfFetching.contains(handler.effect) {
                guard handler.instance.isEmpty else { continue }
                try await starter.start(handler)
            }
        } catch {
            await stop(starter.stops)
            throw error
        }
        let time = starter.time ?? starter.effects.time
        let fetched = await SecretFetching(secrets: starter.surrounded.secrets, time: time).fetch(pendingSecrets)
        await stop(starter.stops)
        if Task.isCancelled { throw HandlerErrors(SecretsEffect.self, handler: "").cancelled(in: "secret") }
        let handler = handlers.first { $0.effect == SecretsEffect.name }?.technology ?? ""
        for reference in fetched.secrets.keys.sorted(by: { "\($0)" < "\($1)" }) {
            SecurityEvent(
                .secretRead,
                effect: SecretsEffect.name,
                operation: "secret",
                handler: handler,
                resource: "\(reference)"
            )
            .log(to: logger)
        }
        let problems = pendingSecrets.compactMap { pending in
            fetched.errors[pending.reference].map { pending.problem($0) }
        }
        guard problems.isEmpty else { throw ProfileErrors(problems) }
        var terms = terms
        terms.secrets.merge(fetched.secrets) { $1 }
        return try Assembly(profile, registry, terms)
    }
}

extension PendingSecret {
    /// Why the reference cannot be had, and what to do next.
    fileprivate func problem(_ error: EffectError) -> ProfileError {
        let next =
            switch error.code {
            case .notFound:
                "is not there: create it, or name another one; the settings of 'secrets' say where it is looked for"
            case .permissionDenied:
                "may not be read: let the caller read it; 'aura policy aws' prints what a profile needs to be allowed"
            case .unauthenticated: "cannot be read: the service does not know who calls; see to the credentials"
            case .invalidArgument, .unsupported: "cannot stand here"
            default: "could not be fetched"
            }
        let message = "the secret '\(reference)' \(next) (\(error.code): \(error.message))"
        return ProfileError(.secret, at: place, key: key, message)
    }
}
