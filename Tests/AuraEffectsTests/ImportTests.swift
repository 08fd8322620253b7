internal import Foundation
internal import Testing

@Suite("AuraEffects")
struct ImportTests {
    @Test("imports the standard library only")
    func imports() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let folder = root.appending(path: "Sources/AuraEffects")
        let files = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
        let allowed: Set<Substring> = ["Swift", "Synchronization"]
        var fileCount = 0
        for case let file as URL in files where file.pathExtension == "swift" {
            fileCount += 1
            for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
                guard let module = importedModule(line) else { continue }
                #expect(allowed.contains(module), "\(file.lastPathComponent): \(line)")
            }
        }
        #expect(fileCount > 30)
    }

    @Test("the scan finds every way to write an import")
    func scan() {
        #expect(importedModule("import Foundation") == "Foundation")
        #expect(importedModule("  @preconcurrency public import struct Foundation.URL") == "Foundation")
        #expect(importedModule("@testable import Glibc") == "Glibc")
        #expect(importedModule("// import nothing") == nil)
        #expect(importedModule("let important = 1") == nil)
    }

    /// The module that a line of source imports.
    private func importedModule(_ line: Substring) -> Substring? {
        let words = line.split(separator: " ")
        guard let index = words.firstIndex(of: "import"), !line.contains("//") else { return nil }
        let attributes: Set<Substring> = ["public", "package", "internal", "fileprivate", "private"]
        guard words[..<index].allSatisfy({ $0.hasPrefix("@") || attributes.contains($0) }) else { return nil }
        let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
        let named = words[(index + 1)...].drop { kinds.contains($0) }
        return named.first?.split(separator: ".").first
    }
}
