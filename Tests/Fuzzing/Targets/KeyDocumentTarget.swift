internal import AuraEffects

@testable internal import AuraLayered

/// The file of a key store: what is accepted is written back byte for byte.
enum KeyDocumentTarget: FuzzTarget {
    static let name = "keys"

    static func check(_ bytes: [UInt8]) {
        guard let (document, authentication) = try? KeyDocumentParser.parse(bytes) else { return }
        precondition(Array(document.text(authenticatedBy: authentication).utf8) == bytes, "the text changes")
        for version in document.versions {
            precondition(document.versions(of: version.name).contains(version), "a version is not found by its name")
        }
    }
}
