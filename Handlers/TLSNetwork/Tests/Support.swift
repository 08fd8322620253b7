#if TLSNetwork
internal import Testing

@testable internal import AuraTLSNetwork
#endif
