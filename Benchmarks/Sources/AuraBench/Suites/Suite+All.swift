internal import Measuring

extension Suite {
    static let all: [Suite] = [
        dispatch, interception, journalSQLite, journalCopy, journalExport, journalImport, storageSQLite, storageFiles,
    ]
}
