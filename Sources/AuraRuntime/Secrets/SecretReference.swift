/// A secret that a service keeps, as a profile names it: `${secret:SERVICE:NAME}`, or `${secret:SERVICE:NAME#MEMBER}` for
/// one text of a secret that is a JSON object.
public struct SecretReference: Sendable, Hashable {
    /// The service, such as `secretsmanager` or `ssm`.
    public var service: String
    /// The secret's name, as the service has it.
    public var name: String

    /// Creates a reference.
    ///
    /// - Parameters:
    ///   - service: The service.
    ///   - name: The secret's name, as the service has it.
    public init(service: String, name: String) {
        self.service = service
        self.name = name
    }
}

extension SecretReference: CustomStringConvertible {
    /// Such as `ssm:/production/password`; nothing of it is secret.
    public var description: String { "\(service):\(name)" }
}

extension SecretReference {
    /// What stands between `${secret:` and `}` where it names a service.
    struct Spelled: Sendable, Hashable {
        var reference: SecretReference
        /// The text of a JSON object that is meant; `nil` for the secret as a whole.
        var member: String?
    }

    /// Reads what stands behind `secret:`; `nil` for a name without a service, which a variable or a file has.
    ///
    /// - Parameter text: The name.
    /// - Returns: The reference and its member.
    /// - Throws: ``SecretStore/Refusal`` where one of the parts is missing or cannot be a part.
    static func spelled(_ text: String) throws(SecretStore.Refusal) -> Spelled? {
        guard let colon = text.firstIndex(of: ":") else { return nil }
        let service = String(text[..<colon])
        let parts = text[text.index(after: colon)...].split(separator: "#", omittingEmptySubsequences: false)
        let isPrintable = text.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value < 0x7F }
        let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
        let isService = !service.isEmpty && service.utf8.allSatisfy(letters.contains)
        guard isService, isPrintable, (1...2).contains(parts.count), parts.allSatisfy({ !$0.isEmpty }) else {
            let message =
                "names a service's secret wrongly; write '${secret:SERVICE:NAME}' or '${secret:SERVICE:NAME#MEMBER}'"
            throw SecretStore.Refusal(code: .invalidValue, message: message)
        }
        let reference = SecretReference(service: service, name: String(parts[0]))
        return Spelled(reference: reference, member: parts.count == 2 ? String(parts[1]) : nil)
    }
}
