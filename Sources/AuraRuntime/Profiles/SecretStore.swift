internal import AuraEffects

/// Finds secrets: environment variables, files in the folder that `AURA_SECRETS` names, and what services keep once it was
/// fetched.
struct SecretStore {
    /// The most bytes of a secret's file.
    private static let sizeLimit = 65_536

    /// Why a secret is not there, to be read after the key; it never holds a secret.
    struct Refusal: Error {
        var code: ProfileError.Code
        var message: String
    }

    let variables: [String: String]
    /// The secrets of services that were fetched.
    var fetched: [SecretReference: Secret<String>] = [:]

    /// A text with its `${secret:NAME}` replaced.
    ///
    /// - Parameter text: The text as the profile has it.
    /// - Returns: The text, and the secrets of services in it that were not fetched yet, in whose place stands another text.
    /// - Throws: ``Refusal`` for a reference that cannot be read or resolved.
    func resolve(_ text: String) throws(Refusal) -> (text: String, pending: [SecretReference]) {
        var result = ""
        var pending: [SecretReference] = []
        var rest = text[...]
        while let start = rest.firstRange(of: "${") {
            result += rest[..<start.lowerBound]
            let reference = rest[start.upperBound...]
            guard let end = reference.firstIndex(of: "}"), reference.hasPrefix("secret:") else {
                throw Refusal(
                    code: .invalidValue,
                    message: "has a reference that cannot be read; write '${secret:NAME}'"
                )
            }
            let name = String(reference[..<end].dropFirst("secret:".count))
            if let spelled = try SecretReference.spelled(name) {
                let value = try secret(spelled)
                if value == nil { pending.append(spelled.reference) }
                result += value ?? Self.standIn
            } else {
                result += try secret(name)
            }
            rest = reference[reference.index(after: end)...]
        }
        return (result + rest, pending)
    }

    /// What stands for a secret until it is fetched.
    private static let standIn = "pending"

    /// A service's secret; `nil` before it was fetched.
    private func secret(_ spelled: SecretReference.Spelled) throws(Refusal) -> String? {
        guard let secret = fetched[spelled.reference] else { return nil }
        guard let member = spelled.member else { return secret.withExposedValue { $0 } }
        let document = secret.withExposedValue { try? JSONParser.parse(Array($0.utf8)) }
        guard case .object(let members) = document, case .string(let text) = members[member] else {
            let message =
                "the secret '\(spelled.reference)' is no JSON object with the text '\(member)'; name a member that it has, "
                + "or the secret as a whole"
            throw Refusal(code: .secret, message: message)
        }
        return text
    }

    private func secret(_ name: String) throws(Refusal) -> String {
        let isName = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
            case UInt8(ascii: "0")...UInt8(ascii: "9"): true
            default: byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
            }
        }
        guard isName, !name.isEmpty, !name.hasPrefix(".") else {
            throw Refusal(
                code: .invalidValue,
                message: "names a secret wrongly; use letters, digits, '_', '-' and '.', and do not begin with '.'"
            )
        }
        if let value = variables[name], !value.isEmpty { return value }
        guard let folder = variables["AURA_SECRETS"] else {
            throw Refusal(
                code: .secret,
                message: "the secret '\(name)' is missing; set the environment variable \(name), "
                    + "or set AURA_SECRETS to a folder with a file '\(name)'"
            )
        }
        return try secret(name, inFile: folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)")
    }

    private func secret(_ name: String, inFile file: String) throws(Refusal) -> String {
        guard let permissions = Host.permissions(ofFile: file) else {
            throw Refusal(
                code: .secret,
                message: "the secret '\(name)' is missing; set the environment variable \(name), or create \(file)"
            )
        }
        guard permissions & 0o007 == 0 else {
            throw Refusal(code: .secret, message: "\(file) is open to every user; run 'chmod o= \(file)'")
        }
        guard let bytes = try? Host.readFile(file, limit: Self.sizeLimit),
            let text = String(validating: bytes, as: UTF8.self)
        else {
            throw Refusal(code: .secret, message: "\(file) cannot be read as text of at most 64 KiB")
        }
        let value = text.hasSuffix("\n") ? String(text.dropLast()) : text
        guard !value.isEmpty else { throw Refusal(code: .secret, message: "\(file) is empty") }
        return value
    }
}
