#if OpenSSL
package import AuraEffects

/// The text of a trust store: which keys are trusted, under which names, and which never again.
///
/// ```
/// aura-trust 1
/// # The office
/// pin laptop 3f0c…64 digits…
/// revoke 77ab…64 digits… 2026-01-31T09:05:00Z
/// ```
///
/// The first line names the version. `pin NAME FINGERPRINT` trusts a key; a name may have several while its node moves to
/// a new one. `revoke FINGERPRINT WHEN` (UTC, RFC 3339) refuses a key for good, also where it is pinned or has a
/// certificate of a trusted CA; the moment is for people. `#` begins a comment; changes keep comments.
package struct TrustFile: Sendable, Hashable {
    /// What a line says.
    package enum Entry: Sendable, Hashable {
        /// A key is trusted under a name.
        case pin(name: String, KeyFingerprint)
        /// A key is refused, since a moment in seconds since 1970-01-01T00:00:00Z.
        case revoke(KeyFingerprint, since: Int64)
    }

    /// A line as it stands in the file; without an entry a comment or empty.
    struct Line: Sendable, Hashable {
        var text: String
        var entry: Entry?
    }

    static let header = "aura-trust 1"

    var lines: [Line]

    /// Creates one that trusts nobody.
    package init() {
        lines = []
    }

    init(lines: [Line]) {
        self.lines = lines
    }

    /// What its lines say, in their order.
    package var entries: [Entry] { lines.compactMap(\.entry) }

    /// The names of pinned keys.
    package var pins: [KeyFingerprint: String] {
        var pins: [KeyFingerprint: String] = [:]
        for case .pin(let name, let key) in entries { pins[key] = name }
        return pins
    }

    /// The keys that are refused, with the moment since when, in seconds since 1970-01-01T00:00:00Z.
    package var revoked: [KeyFingerprint: Int64] {
        var revoked: [KeyFingerprint: Int64] = [:]
        for case .revoke(let key, let moment) in entries { revoked[key] = min(moment, revoked[key] ?? moment) }
        return revoked
    }

    /// The pinned keys of a name.
    package func keys(named name: String) -> Set<KeyFingerprint> {
        Set(pins.filter { $0.value == name }.keys)
    }

    /// The file's text.
    package var text: String {
        ([Self.header] + lines.map(\.text)).map { "\($0)\n" }.joined()
    }

    // MARK: Changes

    /// Trusts a key under a name.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - name: What people call its node.
    ///   - alsoKeeping: Whether the name may keep another key that it has.
    /// - Throws: ``EffectError``: `invalidArgument` for a name that cannot be one; `conflict` where the key is revoked or has
    ///   another name, or the name has another key.
    package mutating func pin(_ key: KeyFingerprint, as name: String, alsoKeeping: Bool = false) throws(EffectError) {
        guard PeerName.isValid(name) else { throw PeerName.refusal(of: name) }
        if let moment = revoked[key] {
            throw EffectError(
                .conflict,
                "The key \(key) is revoked since \(CertificateValidity.text(moment)): give the node a new key."
            )
        }
        if let known = pins[key] {
            if known == name { return }
            throw EffectError(.conflict, "The key \(key) is pinned as '\(known)' already: a key has one name.")
        }
        let others = keys(named: name)
        if let other = others.min(), !alsoKeeping {
            throw EffectError(
                .conflict,
                "'\(name)' has the key \(other) already: revoke that one first, or keep both with '--also' while the node "
                    + "moves to the new one."
            )
        }
        lines.append(Line(text: "pin \(name) \(key)", entry: .pin(name: name, key)))
    }

    /// Refuses a key for good; its pin gives way to a comment.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - moment: Now, in seconds since 1970-01-01T00:00:00Z.
    package mutating func revoke(_ key: KeyFingerprint, at moment: Int64) {
        guard revoked[key] == nil else { return }
        let comment = pins[key].map { " # \($0)" } ?? ""
        lines.removeAll { line in
            if case .pin(_, key) = line.entry { true } else { false }
        }
        lines.append(
            Line(
                text: "revoke \(key) \(CertificateValidity.text(moment))\(comment)",
                entry: .revoke(key, since: moment)
            )
        )
    }
}
#endif
