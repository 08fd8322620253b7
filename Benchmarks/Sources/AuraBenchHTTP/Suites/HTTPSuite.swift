internal import Measuring

extension Suite {
    static let http = Suite(
        name: "http",
        summary: "requests over HTTP to nginx against a loop in C over libcurl's multi interface"
    ) { scale in
        [SmallGets(folder: scale.folder, count: scale.count(40_000))]
    }
}
