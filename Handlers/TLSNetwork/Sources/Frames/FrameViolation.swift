#if TLSNetwork
/// What is wrong with a frame, or with what a peer does by it.
enum FrameViolation: Error, Hashable, CustomStringConvertible {
    /// The frame claims more bytes than a frame may have.
    case longFrame(UInt32)
    /// Channel and headers are larger than a head may be.
    case longHead
    /// The channel's name is larger than it may be.
    case longChannel(Int)
    /// The frame's kind is none of the protocol's.
    case unknownKind(UInt8)
    /// The parts of the frame do not fit its length.
    case malformed(String)
    /// The peer speaks another version of the protocol.
    case otherVersion(UInt16)
    /// The frame must not come here.
    case unexpected(String)
    /// The peer sent without credit.
    case withoutCredit
    /// The peer uses more channels than it was allowed.
    case tooManyChannels(Int)

    var description: String {
        switch self {
        case .longFrame(let length): "a frame of \(length) bytes is longer than the limit allows"
        case .longHead: "channel and headers of a message have more than \(FrameLayout.headLimit) bytes"
        case .longChannel(let bytes): "a channel's name has \(bytes) bytes, the most is \(FrameLayout.channelLimit)"
        case .unknownKind(let kind): "there is no frame of kind \(kind)"
        case .malformed(let what): "a frame is malformed: \(what)"
        case .otherVersion(let version): "version \(version) of the protocol is not \(Hello.version)"
        case .unexpected(let what): "a frame came at the wrong time: \(what)"
        case .withoutCredit: "a message came without credit for its channel"
        case .tooManyChannels(let limit): "messages came on more than \(limit) channels"
        }
    }
}
#endif
