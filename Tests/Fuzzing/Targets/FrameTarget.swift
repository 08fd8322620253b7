internal import AuraEffects

@testable internal import AuraTLSNetwork

/// The frames of the network over TLS: the first byte says in what pieces the others arrive.
///
/// Pieces change nothing, and what was read is written as frames that are read as the same.
enum FrameTarget: FuzzTarget {
    static let name = "frames"

    private static let payloadLimit = 1 << 16

    static func check(_ bytes: [UInt8]) {
        guard let size = bytes.first else { return }
        let stream = bytes.dropFirst()
        let whole = decode(stream, pieces: .max)
        precondition(decode(stream, pieces: Int(size) + 1) == whole, "pieces of \(size + 1) bytes give other frames")
        let written = whole.frames.flatMap(encode)
        precondition(decode(written[...], pieces: .max).frames == whole.frames, "frames are written as others")
    }

    private struct Outcome: Equatable {
        var frames: [Frame] = []
        var violation: String?
        var isAmidFrame = false
    }

    private static func decode(_ bytes: ArraySlice<UInt8>, pieces: Int) -> Outcome {
        var decoder = FrameDecoder(payloadLimit: payloadLimit)
        var outcome = Outcome()
        var rest = bytes
        do throws(FrameViolation) {
            while !rest.isEmpty {
                var piece = rest.prefix(pieces)
                rest = rest.dropFirst(pieces)
                fillPayload(of: &decoder, from: &piece)
                while let frame = try decoder.next(&piece) { outcome.frames.append(frame) }
                precondition(piece.isEmpty, "the decoder leaves bytes")
            }
        } catch {
            outcome.violation = "\(error)"
        }
        outcome.isAmidFrame = outcome.violation == nil && decoder.isAmidFrame
        return outcome
    }

    /// Puts a piece that is no more than the payload lacks where it is to stay, as a connection does with a whole record.
    private static func fillPayload(of decoder: inout FrameDecoder, from piece: inout ArraySlice<UInt8>) {
        guard !piece.isEmpty, piece.count <= decoder.missingPayloadBytes else { return }
        decoder.fillPayload(piece.count) { output in
            for byte in piece { output.append(byte) }
        }
        piece = []
    }

    private static func encode(_ frame: Frame) -> [UInt8] {
        do throws(FrameViolation) {
            let outgoing = try OutgoingFrame(frame)
            return outgoing.head + outgoing.payload
        } catch {
            preconditionFailure("a frame that was read cannot be written: \(error)")
        }
    }
}
