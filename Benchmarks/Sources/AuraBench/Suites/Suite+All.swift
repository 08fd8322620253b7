internal import Measuring

extension Suite {
    static let all: [Suite] = [
        dispatch, interception, journalSQLite, journalKeyValue, journalCopy, journalExport, journalImport,
        storageSQLite, storageFiles,
    ]
}
