/// An element of an XML document, as services answer with: its name, its text and the elements within.
///
/// Attributes are left out, and so are the prefixes of names.
public struct XMLElement: Sendable, Hashable {
    /// The element's name without a prefix.
    public let name: String

    /// The text within, entities resolved; the text of elements within is theirs.
    public internal(set) var text = ""

    /// The elements within, in their order.
    public internal(set) var children: [XMLElement] = []

    init(name: String) {
        self.name = name
    }

    /// The first element within of a name.
    public subscript(name: String) -> XMLElement? {
        children.first { $0.name == name }
    }

    /// The elements within of a name.
    public func all(_ name: String) -> [XMLElement] {
        children.filter { $0.name == name }
    }

    /// The text of the first element within of a name; `nil` where there is none.
    public func text(_ name: String) -> String? {
        self[name]?.text
    }
}
