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

    @Test func `Names are told apart by their bytes`() {
        let (one, two) = ("d\u{E9}", "de\u{301}")
        #expect(one == two)
        #expect(ExactName(one) != ExactName(two))
        #expect(Set([ExactName(one), ExactName(two), ExactName(one)]).count == 2)
        #expect(ExactName(two) < ExactName(one))
        #expect(ExactName("\(one)/f").lies(in: one))
        #expect(!ExactName("\(one)/f").lies(in: two))
        #expect(!ExactName(one).lies(in: one))
        #expect(!ExactName("dir2/f").lies(in: "dir"))
        // A mark after a slash makes one character with it.
        #expect(ExactName("dir/\u{301}f").lies(in: "dir"))
        #expect(
            ExactName("dir/\u{301}f").moved(from: "dir", to: "other")
                == ExactName("other/\u{301}f")
        )
        #expect(FileName.names(of: "/dir/./\u{301}f//") == ["dir", "\u{301}f"])
        #expect(FileName.names(of: "/").isEmpty)
    }

    @Test(arguments: [
        ("a//b/./c/", "a/b/./c"), ("a/b/./c/.", "a/b/./c"), ("a/", "a"), ("/", "/"), ("//a", "/a"),
        (".", "."), ("./", "."), ("/.", "/"), ("..", ".."), ("../.", ".."), ("a", "a"), ("", ""),
        // A mark that makes one character with the slash before it.
        ("/\u{301}x/", "/\u{301}x"),
    ])
    func `A target has no slash more than it needs`(target: String, plain: String) {
        #expect(FileName.plainTarget(target) == plain)
    }
}
