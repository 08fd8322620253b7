#if OpenSSL
internal import Testing

@testable internal import AuraOpenSSL
#endif
