import DiscFiles
import Testing

@Suite struct FileNameTests {
    @Test(arguments: [
        ("plain name.txt", "plain name.txt"), ("Größe ☃ 😀", "Größe ☃ 😀"),
        ("\u{1B}[31m\n\t", "\\x1B[31m\\x0A\\x09"), ("back\\slash", "back\\\\slash"),
        ("\u{9B}31m\u{7F}", "\\x9B31m\\x7F"), ("evil\u{202E}gpj.exe", "evil\\u{202E}gpj.exe"),
    ])
    func `Nothing in a name steers a terminal`(name: String, shown: String) {
        #expect(FileName.shown(name) == shown)
    }
}
