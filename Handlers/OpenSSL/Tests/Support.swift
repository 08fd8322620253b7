#if OpenSSL
import Testing

@testable import AuraOpenSSL
#endif
