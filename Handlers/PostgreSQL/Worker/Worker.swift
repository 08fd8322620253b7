#if PostgreSQL
internal import AuraPostgreSQL

/// A process of its own for the fault tests.
@main
enum Worker {
    static func main() async {}
}
#else
@main
enum Worker {
    static func main() {}
}
#endif
