#if TLSNetwork
import Testing

@testable import AuraTLSNetwork
#endif
