/// Texts that a handler must keep apart although they look alike, or that mean something to a file system, a database
/// or a shell.
func unusualTexts(atMost byteCount: Int) -> [String] {
    let texts = [
        "a", "A", " ", " a", "a ", ".", "..", "/", "//", "/etc/passwd", "../up", "a/b", "a//b", "a\\b", "~", "%", "_",
        "\0", "a\0", "a\0b", "\n", "\r\n", "\t", "\u{7f}", "'", "\"", "'; DROP TABLE entries; --", "*", "?", "%2F",
        "-rf",
        "NULL", "nil", "0", "\u{e9}", "e\u{301}", "\u{212b}", "\u{c5}", "A\u{30a}", "ß", "SS", "ﬁ", "fi", "İ", "i",
        "👩‍👩‍👧‍👦", "👩", "\u{feff}", "\u{200b}", "\u{202e}", "日本語", "\u{fffd}", "\u{10ffff}",
        String(repeating: "k", count: 1024), String(repeating: "k", count: 1023), String(repeating: "é", count: 512),
    ]
    return texts.filter { $0.utf8.count <= byteCount }
}
