internal import AuraConformance
internal import AuraEffects
internal import AuraMemory

extension ObjectDefect {
    static var uploads: [ObjectDefect] {
        [
            ObjectDefect(
                "many parts follow each other backwards",
                breaks: "parts that were sent side by side make up one object in the order of their numbers"
            ) { bucket in
                bucket.complete = { base, upload, parts, precondition throws(EffectError) in
                    let revision = try await base.completeUpload(upload, parts: parts, if: precondition)
                    guard parts.count == 5, let content = try await base.get(upload.key) else { return revision }
                    let bytes = try await content.body.bytes(atMost: .max)
                    return try await base.put(
                        ByteStream(bytes.reversed()),
                        to: upload.key,
                        metadata: upload.metadata,
                        if: .none
                    )
                }
            },
            ObjectDefect(
                "a part is known by its number alone",
                breaks: "a part that is sent again replaces the first, and one that is not named is dropped"
            ) { bucket in
                let sent = Mutexed<[String: UploadedPart]>([:])
                bucket.part = { base, number, upload, body throws(EffectError) in
                    let part = try await base.uploadPart(number, of: upload, body)
                    sent.withLock { $0["\(upload.id)/\(number)"] = part }
                    return part
                }
                bucket.complete = { base, upload, parts, precondition throws(EffectError) in
                    let parts = parts.map { sent.current["\(upload.id)/\($0.number)"] ?? $0 }
                    return try await base.completeUpload(upload, parts: parts, if: precondition)
                }
            },
            ObjectDefect("part 0 is the first", breaks: "a part out of the limits is refused") { bucket in
                bucket.part = { base, number, upload, body throws(EffectError) in
                    try await base.uploadPart(number == 0 ? 1 : number, of: upload, body)
                }
            },
            ObjectDefect(
                "a completion that fails ends the upload",
                breaks: "an upload is completed only where its precondition holds, and goes on otherwise"
            ) { bucket in
                bucket.complete = { base, upload, parts, precondition throws(EffectError) in
                    do throws(EffectError) {
                        return try await base.completeUpload(upload, parts: parts, if: precondition)
                    } catch {
                        if error.code == .preconditionFailed { try await base.abortUpload(upload) }
                        throw error
                    }
                }
            },
            ObjectDefect(
                "whether a key is absent is looked at before an upload is completed and not with it",
                breaks: "of concurrent completions if absent exactly one goes through"
            ) { bucket in
                bucket.complete = { base, upload, parts, precondition throws(EffectError) in
                    guard precondition == .absent, try await base.info(upload.key) == nil else {
                        return try await base.completeUpload(upload, parts: parts, if: precondition)
                    }
                    for _ in 0..<4 { await Task.yield() }
                    return try await base.completeUpload(upload, parts: parts, if: .none)
                }
            },
            ObjectDefect(
                "a part of an upload that has ended is taken",
                breaks: "uploads to one key do not mix, and one that was aborted leaves nothing"
            ) { bucket in
                bucket.part = { base, number, upload, body throws(EffectError) in
                    do throws(EffectError) {
                        return try await base.uploadPart(number, of: upload, body)
                    } catch {
                        guard error.code == .notFound else { throw error }
                        return UploadedPart(number: number, tag: "none", byteCount: 0)
                    }
                }
            },
        ]
    }

    static var cancellation: [ObjectDefect] {
        [
            ObjectDefect(
                "a cancelled removal is carried out",
                breaks: "a call of a cancelled task is cancelled and changes nothing"
            ) { bucket in
                bucket.remove = { base, key, revision throws(EffectError) in
                    try await heedless { () throws(EffectError) in try await base.remove(key, matching: revision) }
                }
            },
            ObjectDefect(
                "what came of a long body until its cancellation is stored",
                breaks: "a put that is cancelled amid its body stores nothing"
            ) { bucket in
                bucket.put = { base, body, key, metadata, precondition throws(EffectError) in
                    var iterator = body.makeAsyncIterator()
                    guard !body.isRepeatable, body.byteCount == nil else {
                        return try await base.put(body, to: key, metadata: metadata, if: precondition)
                    }
                    var bytes: [UInt8] = []
                    while let chunk = try await iterator.next() {
                        bytes += chunk
                        if bytes.count > 1 << 26 { break }
                        guard Task.isCancelled else { continue }
                        let cut = ByteStream(bytes)
                        _ = try await heedless { () throws(EffectError) in try await base.put(cut, to: key) }
                    }
                    return try await base.put(ByteStream(bytes), to: key, metadata: metadata, if: precondition)
                }
            },
            ObjectDefect(
                "a put of a kilobyte that is cancelled late says that nothing was stored",
                breaks: "a put that is cancelled while it waits is there wholly or not at all"
            ) { bucket in
                bucket.put = { base, body, key, metadata, precondition throws(EffectError) in
                    guard body.byteCount == nil, key.text.hasPrefix("key "), !Task.isCancelled else {
                        return try await base.put(body, to: key, metadata: metadata, if: precondition)
                    }
                    await linger(5)
                    let revision = try await heedless { () throws(EffectError) in
                        try await base.put(body, to: key, metadata: metadata, if: precondition)
                    }
                    if Task.isCancelled {
                        throw EffectError(.cancelled, "Cancelled.", effect: "objects", handler: "broken")
                    }
                    return revision
                }
            },
            ObjectDefect(
                "the body of a large object heeds no cancellation",
                breaks: "the body of an object ends with its consumer's cancellation"
            ) { bucket in
                bucket.get = { base, key, range, condition throws(EffectError) in
                    var content = try await base.get(key, range: range, if: condition)
                    if content?.info.byteCount == 300_000, let body = content?.body {
                        content?.body = ByteStream(try await body.bytes(atMost: .max))
                    }
                    return content
                }
            },
        ]
    }

    static var presigning: [ObjectDefect] {
        [
            ObjectDefect(
                "an address is of the key with its escapes undone",
                breaks: "a presigned address gives access to its object, in its way and no other"
            ) { bucket in
                bucket.presign = { base, access, key, duration throws(EffectError) in
                    let key = key == "a+b/ä%20 c" ? "a+b/ä  c" : key
                    return try await base.presignedURL(access, to: key, expiresIn: duration)
                }
            },
            ObjectDefect("an address lasts a minute at least", breaks: "a presigned address is good for its time") {
                bucket in
                bucket.presign = { base, access, key, duration throws(EffectError) in
                    let duration = duration == .seconds(10) ? .seconds(60) : duration
                    return try await base.presignedURL(access, to: key, expiresIn: duration)
                }
            },
            ObjectDefect(
                "an address for no time lasts a second",
                breaks: "a presigned address for no time, or for too long, is refused"
            ) { bucket in
                bucket.presign = { base, access, key, duration throws(EffectError) in
                    try await base.presignedURL(access, to: key, expiresIn: duration == .zero ? .seconds(1) : duration)
                }
            },
            ObjectDefect(
                "addresses are given where they are not declared",
                breaks: "a presigned address is refused",
                declaring: .objects(without: .presignedURLs)
            ) { _ in },
        ]
    }
}
