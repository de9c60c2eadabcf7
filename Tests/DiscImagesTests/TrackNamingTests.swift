import DiscImages
import Testing

/// The names of tracks' files.
@Suite struct TrackNamingTests {
    private func name(_ template: String, title: String?, performer: String? = nil) -> String? {
        TrackNaming(template: template)?
            .name(TrackNaming.Facts(number: 7, title: title, performer: performer))
    }

    @Test func `A name is made of what is known`() {
        #expect(name("%n - %t", title: "Seven") == "07 - Seven")
        #expect(name("%n - %t", title: nil) == "07 - Track 07")
        #expect(name("100%% %n %p %a", title: nil) == "100% 07 Unknown Unknown")
    }

    @Test func `A template that is none, or leads elsewhere, is refused`() {
        for template in ["", "%t", "%x %n", "%n %", "a/%n", "../%n", "%%n", "%t%%n"] {
            #expect(TrackNaming(template: template) == nil, "\(template)")
        }
    }

    @Test func `Nothing in a title leads out of the folder`() {
        let titles = [
            "../../etc/passwd", "..", "/", "a\0b", "a\nb", "C:\\x", ".hidden", "\u{202E}abc",
            String(repeating: "ü", count: 500), "\"quoted\"", "   ",
        ]
        for title in titles {
            for template in ["%t%n", "%n%t"] {
                let name = name(template, title: title) ?? ""
                #expect(!name.isEmpty && name.utf8.count <= 200, "\(title)")
                #expect(!name.hasPrefix(".") && !name.hasSuffix(".") && !name.hasSuffix(" "))
                #expect(
                    !name.unicodeScalars.contains {
                        "/\\:*?\"<>|\0\n\u{202E}".unicodeScalars.contains($0)
                    }
                )
            }
        }
        #expect(TrackNaming.safe("...") == nil)
    }

    @Test func `Long names lose letters of texts, and never the number`() {
        let long = String(repeating: "ü", count: 500)
        for template in ["%t%n", "%p - %t - %n", "%b %a %p %t %n.", "%n%t"] {
            let name = name(template, title: long, performer: long + "x") ?? ""
            #expect(name.contains("07") && name.contains("ü"), "\(template): \(name)")
            #expect((190...200).contains(name.utf8.count), "\(template): \(name.utf8.count)")
        }
        // A template that is too long itself.
        let template = String(repeating: "x", count: 300) + "%n"
        #expect(name(template, title: nil)?.utf8.count == 200)
    }
}
