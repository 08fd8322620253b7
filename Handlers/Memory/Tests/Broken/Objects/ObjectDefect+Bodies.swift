internal import AuraConformance
internal import AuraEffects
internal import AuraMemory

extension ObjectDefect {
    static var bodies: [ObjectDefect] {
        [
            ObjectDefect(
                "an object of 65,537 bytes loses its last one",
                breaks: "an object is read as it was put, empty and large ones too"
            ) { bucket in
                bucket.put = { base, body, key, metadata, precondition throws(EffectError) in
                    var body = body
                    if body.byteCount == 65_537 {
                        body = ByteStream(Array(try await body.bytes(atMost: .max).dropLast()))
                    }
                    return try await base.put(body, to: key, metadata: metadata, if: precondition)
                }
            },
            ObjectDefect(
                "a first chunk of one byte is lost where more follow",
                breaks: "a body is stored whole, of known or unknown length, in chunks of any size"
            ) { bucket in
                bucket.put = { base, body, key, metadata, precondition throws(EffectError) in
                    guard body.isRepeatable else {
                        return try await base.put(body, to: key, metadata: metadata, if: precondition)
                    }
                    var iterator = body.makeAsyncIterator()
                    let first = try await iterator.next()
                    let second = try await iterator.next()
                    guard first?.count == 1, second != nil else {
                        return try await base.put(body, to: key, metadata: metadata, if: precondition)
                    }
                    let rest = ByteStream(Array(try await body.bytes(atMost: .max).dropFirst()))
                    return try await base.put(rest, to: key, metadata: metadata, if: precondition)
                }
            },
            ObjectDefect(
                "the first chunk of a body is asked for twice",
                breaks: "the chunks of a body are asked for one after the other"
            ) { bucket in
                bucket.put = { base, body, key, metadata, precondition throws(EffectError) in
                    var iterator = body.makeAsyncIterator()
                    _ = try await iterator.next()
                    return try await base.put(body, to: key, metadata: metadata, if: precondition)
                }
            },
            ObjectDefect(
                "what came of a body that fails is stored",
                breaks: "a body that fails stores nothing and passes its error on"
            ) { bucket in
                bucket.put = { base, body, key, metadata, precondition throws(EffectError) in
                    do throws(EffectError) {
                        return try await base.put(body, to: key, metadata: metadata, if: precondition)
                    } catch {
                        guard error.code == .corrupted else { throw error }
                        _ = try await base.put(ByteStream([2]), to: key, metadata: metadata, if: precondition)
                        throw error
                    }
                }
            },
            ObjectDefect(
                "a body that ends early is taken for whole",
                breaks: "a body of another length than it announces stores nothing"
            ) { bucket in
                bucket.put = { base, body, key, metadata, precondition throws(EffectError) in
                    var body = body
                    if body.byteCount == 1000 {
                        let bytes = try await body.bytes(atMost: .max)
                        if bytes.count < 1000 { body = ByteStream(bytes) }
                    }
                    return try await base.put(body, to: key, metadata: metadata, if: precondition)
                }
            },
            ObjectDefect(
                "a body of unknown length is cut at the limit",
                breaks: "a body beyond the declared limit is refused"
            ) { bucket in
                bucket.put = { base, body, key, metadata, precondition throws(EffectError) in
                    do throws(EffectError) {
                        return try await base.put(body, to: key, metadata: metadata, if: precondition)
                    } catch {
                        guard body.byteCount == nil, error.message.contains("the most is") else { throw error }
                        return try await base.put(ByteStream([3]), to: key, metadata: metadata, if: precondition)
                    }
                }
            },
            ObjectDefect(
                "the removal of what never was fails",
                breaks: "an object that was removed is gone, and one that never was is removed as well"
            ) { bucket in
                bucket.remove = { base, key, revision throws(EffectError) in
                    if key == "never" {
                        throw EffectError(.notFound, "There is none.", effect: "objects", handler: "broken")
                    }
                    try await base.remove(key, matching: revision)
                }
            },
        ]
    }

    static var keys: [ObjectDefect] {
        [
            ObjectDefect(
                "a long key is cut where its last letter has two bytes",
                breaks: "keys that look alike or mean something elsewhere are kept apart"
            ) { bucket in
                bucket.put = { base, body, key, metadata, precondition throws(EffectError) in
                    let isCut = key.text.utf8.count == 1024 && key.text.hasSuffix("é")
                    let key = isCut ? ObjectKey(String(key.text.dropLast())) : key
                    return try await base.put(body, to: key, metadata: metadata, if: precondition)
                }
            },
            ObjectDefect("a NUL ends a key", breaks: "keys may have control characters and be dots") { bucket in
                bucket.put = { base, body, key, metadata, precondition throws(EffectError) in
                    let key = key == "a\0b" ? "a" : key
                    return try await base.put(body, to: key, metadata: metadata, if: precondition)
                }
            },
            ObjectDefect(
                "unusual keys are taken where they are not declared",
                breaks: "keys with control characters and dots are refused",
                declaring: .objects(without: .arbitraryKeys)
            ) { _ in },
            ObjectDefect(
                "there is no object under the empty key",
                breaks: "an empty key is refused by every operation"
            ) { bucket in
                bucket.info = { base, key throws(EffectError) in key == "" ? nil : try await base.info(key) }
            },
            ObjectDefect(
                "there is no object under a key that is too long",
                breaks: "a key of the declared size is taken and a longer one refused"
            ) { bucket in
                bucket.get = { base, key, range, condition throws(EffectError) in
                    guard key.text.utf8.count <= 1024 else { return nil }
                    return try await base.get(key, range: range, if: condition)
                }
            },
            ObjectDefect(
                "an attribute without a value is lost",
                breaks: "metadata is read as it was put, and replaced together with the bytes"
            ) { bucket in
                bucket.put = { base, body, key, metadata, precondition throws(EffectError) in
                    var metadata = metadata
                    metadata.attributes = metadata.attributes.filter { !$0.value.isEmpty }
                    return try await base.put(body, to: key, metadata: metadata, if: precondition)
                }
            },
            ObjectDefect("a hyphen is dropped with its attribute", breaks: "attributes that are none are refused") {
                bucket in
                bucket.put = { base, body, key, metadata, precondition throws(EffectError) in
                    var metadata = metadata
                    metadata.attributes["a-b"] = nil
                    return try await base.put(body, to: key, metadata: metadata, if: precondition)
                }
            },
            ObjectDefect(
                "an error quotes an attribute",
                breaks: "an error prints neither bytes nor attributes, and says where it comes from"
            ) { bucket in
                bucket.put = { base, body, key, metadata, precondition throws(EffectError) in
                    do throws(EffectError) {
                        return try await base.put(body, to: key, metadata: metadata, if: precondition)
                    } catch {
                        var error = error
                        error.message += " It has \(metadata.attributes)."
                        throw error
                    }
                }
            },
        ]
    }
}

extension Capabilities {
    /// What a memory bucket declares, without one of its capabilities.
    static func objects(without capability: Capability) -> Capabilities {
        var capabilities = MemoryObjectStorageHandler.capabilities
        capabilities.features.remove(capability)
        return capabilities
    }
}
