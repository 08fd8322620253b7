package import AuraEffects

/// What an export did.
package struct ExportReport: Hashable, Sendable {
    package var files = 0
    package var textBytes = 0
    /// How many of the notes are in conflict.
    package var inConflict = 0
    /// Notes whose path another file or folder stands in the way of, or whose text is damaged, and why.
    package var failed: [String] = []
}

/// Writes a notebook's notes as text files.
///
/// An imported note goes to its path below a folder named after what was imported, another to `notes/<id>.txt`. Each text is
/// exactly what it was, so that importing the export gives the same texts. Of a note in conflict the latest text goes there, and
/// each other one beside it to `<name>.conflict-<digits of its SHA-256>` with the same suffix.
package struct Exporter {
    private static let notesFolder = "notes"
    private static let conflictDigits = 12

    private let notebook: Notebook

    package init(_ notebook: Notebook) {
        self.notebook = notebook
    }

    /// Exports notes.
    ///
    /// - Parameters:
    ///   - folder: The folder to write to; missing folders are made.
    ///   - tags: Only notes that have all of these.
    /// - Returns: What was done.
    /// - Throws: What the journal, the storage and the folder throw; a note whose path is taken or whose text is
    ///   damaged is only reported.
    package func run(to folder: String, tags: [NoteTag] = []) async throws(EffectError) -> ExportReport {
        try await checkTarget(folder)
        let folders = try await sourceFolders()
        let effect = notebook.effects.folder
        var report = ExportReport()
        try await notebook.forEachNote { record throws(EffectError) in
            guard record.hasTags(tags) else { return }
            if record.isInConflict { report.inConflict += 1 }
            for version in record.versions {
                let path = Self.path(of: version, of: record, folders)
                do throws(EffectError) {
                    let text = try await notebook.text(of: version, in: record.note)
                    try await effect.replace(path, in: folder) { part throws(EffectError) in try await text.part(part) }
                    report.files += 1
                    report.textBytes += text.byteCount
                } catch  where (error.effect == FolderEffect.name && error.isOfOneItem) || error.code == .corrupted {
                    report.failed.append("\(path): \(error.message)")
                }
            }
        }
        return report
    }

    private static func path(of version: NoteVersion, of record: NoteRecord, _ folders: [String: String]) -> String {
        let path = path(of: record, folders)
        guard version != record.versions.first else { return path }
        let mark = ".conflict-\(version.digest.description.prefix(conflictDigits))"
        let name = path.split(separator: "/").last ?? ""
        // A name that begins with its only dot has no suffix.
        guard let dot = name.dropFirst().lastIndex(of: ".") else { return path + mark }
        return String(path[..<dot]) + mark + String(path[dot...])
    }

    /// Finds out before anything is written that a folder cannot be one.
    private func checkTarget(_ folder: String) async throws(EffectError) {
        do throws(EffectError) {
            _ = try await notebook.effects.folder.resolve(folder)
        } catch  where error.code == .notFound {
            return
        } catch  where error.code == .invalidArgument {
            var error = error
            error.message += " Nothing was written: give a folder's path, it is made where it is missing."
            throw error
        }
    }

    private static func path(of record: NoteRecord, _ folders: [String: String]) -> String {
        guard let source = record.source, let folder = folders[source.name] else {
            return "\(notesFolder)/\(record.note).txt"
        }
        return "\(folder)/\(source.path)"
    }

    /// A folder for each source: the last part of its name, with a number where two have the same.
    private func sourceFolders() async throws(EffectError) -> [String: String] {
        var taken: Set<String> = [Self.notesFolder]
        var folders: [String: String] = [:]
        for source in try await notebook.sources() {
            let last = source.split(separator: "/").last.map(String.init) ?? "root"
            let base = [".", ".."].contains(last) ? "root" : last
            var name = base
            var number = 2
            while !taken.insert(name).inserted {
                name = "\(base)-\(number)"
                number += 1
            }
            folders[source] = name
        }
        return folders
    }
}
