#if PostgreSQL
internal import AuraPostgreSQL
internal import Testing
#endif
