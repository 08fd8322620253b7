internal import AuraEffects

extension Law where Handler == any StorageEffects {
    static var keys: [StorageLaw] {
        [
            StorageLaw("any text is a key, and look-alikes are different keys") { harness in
                let storage = try await harness.make()
                let keys = unusualTexts(atMost: harness.capabilities.limit(.keyBytes)).map { StorageKey($0) }
                var expected: [StorageKey: StoredValue] = [:]
                for (number, key) in keys.enumerated() {
                    let bytes = [UInt8(number)]
                    let revision = try await expectSuccess("a write to key \(number), if absent") {
                        try await storage.write(bytes, to: key, if: .absent)
                    }
                    expected[key] = StoredValue(bytes: bytes, revision: revision)
                }
                try expectEqual(try await storage.contents(), expected, "the values of unusual keys")
                for (number, key) in keys.enumerated() {
                    try expectEqual(try await storage.remove(key), true, "whether key \(number) was there")
                    expected[key] = nil
                }
                try await storage.expectContents(expected, "after removing every key")
            },
            StorageLaw("an empty key is refused") { harness in
                let storage = try await harness.make()
                try await expectFailure(.invalidArgument, "a read of the empty key") { try await storage.read("") }
                try await expectFailure(.invalidArgument, "a write to the empty key") {
                    try await storage.write([1], to: "")
                }
                try await expectFailure(.invalidArgument, "a removal of the empty key") { try await storage.remove("") }
                try await storage.expectContents([:], "after refused calls")
            },
        ]
    }

    static var limits: [StorageLaw] {
        [
            StorageLaw("a key is taken up to its limit", .limit(.keyBytes, atMost: 64 << 20)) { harness in
                let storage = try await harness.make()
                let limit = harness.capabilities.limit(.keyBytes)
                let longest = StorageKey(String(repeating: "k", count: limit))
                let value = StoredValue(bytes: [1], revision: try await storage.write([1], to: longest))
                // As many bytes as the longest key and one more, in fewer letters.
                let wide = String(repeating: "é", count: limit / 2) + (limit.isMultiple(of: 2) ? "k" : "kk")
                for key in [StorageKey(longest.text + "k"), StorageKey(wide)] {
                    let what = "a key of \(key.text.utf8.count) bytes"
                    try await expectFailure(.invalidArgument, "a write to \(what)") {
                        try await storage.write([1], to: key)
                    }
                    try await expectFailure(.invalidArgument, "a read of \(what)") { try await storage.read(key) }
                    try await expectFailure(.invalidArgument, "a removal of \(what)") { try await storage.remove(key) }
                }
                try await storage.expectContents([longest: value], "after refused calls")
            },
            StorageLaw("a value is taken up to its limit", .limit(.valueBytes, atMost: 64 << 20)) { harness in
                let storage = try await harness.make()
                let limit = harness.capabilities.limit(.valueBytes)
                let marker = "the-payload-that-no-error-prints"
                let filling = Array(repeating: UInt8(7), count: limit)
                let largest = Array((Array(marker.utf8) + filling).prefix(limit))
                let value = StoredValue(bytes: largest, revision: try await storage.write(largest, to: "a"))
                let error = try await expectFailure(.invalidArgument, "a value of \(limit + 1) bytes") {
                    try await storage.write(largest + [7], to: "a")
                }
                try expectDiscreet(error, effect: StorageEffect.name, hiding: marker)
                try await storage.expectContents(["a": value], "after a refused write")
            },
            StorageLaw("an error prints no value and says where it comes from") { harness in
                let storage = try await harness.make()
                let marker = "the-payload-that-no-error-prints"
                let bytes = Array(marker.utf8)
                try await storage.write(bytes, to: "a")
                let errors = [
                    try await expectFailure(.preconditionFailed, "a write if absent") {
                        try await storage.write(bytes, to: "a", if: .absent)
                    },
                    try await expectFailure(.preconditionFailed, "a removal of another revision") {
                        try await storage.remove("a", if: .matches(StorageRevision(rawValue: .max)))
                    },
                    try await expectFailure(.invalidArgument, "a write to the empty key") {
                        try await storage.write(bytes, to: "")
                    },
                    try await expectFailure(.invalidArgument, "a listing of no items") {
                        try await storage.list(prefix: "", after: nil, limit: 0)
                    },
                ]
                for error in errors {
                    try expectDiscreet(error, effect: StorageEffect.name, hiding: marker)
                    try expect(!error.isRetryable, "'\(error)' says that trying again may help")
                }
            },
        ]
    }
}
