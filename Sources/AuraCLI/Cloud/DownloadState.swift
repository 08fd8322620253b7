internal import AuraEffects

/// How far a download is, in a file beside what is written, so that a later run of the command goes on with it.
///
/// ```text
/// aura-download 1
/// file PATH
/// bucket BUCKET
/// key KEY
/// revision REVISION
/// size BYTES
/// have BYTES
/// ```
///
/// Texts are percent-encoded.
struct DownloadState: TransferState, Hashable {
    private static let header = "aura-download 1"

    var path: String
    /// The bucket as the profile names it.
    var bucket: String
    var key: ObjectKey
    /// What is fetched: an object of another revision is another one.
    var revision: CloudRevision
    var byteCount: Int
    /// How many of the object's first bytes are in the file, and stay there.
    var have = 0

    /// Whether this is about an object of this name on its way to this file.
    func isOf(_ key: ObjectKey, in bucket: String, to path: String) -> Bool {
        self.key == key && self.bucket == bucket && self.path == path
    }

    // MARK: Text

    var text: String {
        """
        \(Self.header)
        file \(PercentEncoding.encode(path))
        bucket \(PercentEncoding.encode(bucket))
        key \(PercentEncoding.encode(key.text))
        revision \(PercentEncoding.encode(revision.rawValue))
        size \(byteCount)
        have \(have)

        """
    }

    init(path: String, bucket: String, info: ObjectInfo) {
        self.path = path
        self.bucket = bucket
        key = info.key
        revision = info.revision
        byteCount = info.byteCount
    }

    init?(_ text: String) {
        guard let lines = StateLines(text, header: Self.header), let path = lines.text("file"),
            let bucket = lines.text("bucket"), let key = lines.text("key"), let revision = lines.text("revision"),
            let byteCount = lines.number("size"), let have = lines.number("have"), have > 0, have < byteCount
        else { return nil }
        self.path = path
        self.bucket = bucket
        self.key = ObjectKey(key)
        self.revision = CloudRevision(rawValue: revision)
        self.byteCount = byteCount
        self.have = have
    }
}
