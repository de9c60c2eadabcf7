import LinuxCalls
import SystemPackage
import Testing
import VirtualDrive

struct DocumentationTests {
    @Test
    func `the page on the virtual drive names all faults, settings, quirks, traits and models`()
        throws
    {
        var path = FilePath(#filePath)
        for _ in 0..<3 { path.removeLastComponent() }
        let file = try File(path.appending("Docs").appending("VirtualDrive.md"), .read)
        var bytes = [UInt8](repeating: 0, count: try file.status().size)
        var span = bytes.mutableSpan
        _ = try file.read(at: 0, into: &span)
        let page = String(decoding: bytes, as: UTF8.self)
        for kind in Fault.Kind.allCases { #expect(page.contains("`\(kind.rawValue)"), "\(kind)") }
        for word in Fault.Word.allCases { #expect(page.contains(word.rawValue), "\(word)") }
        for setting in FaultSetting.allCases {
            #expect(page.contains("\(setting.rawValue)="), "\(setting)")
        }
        for setting in AudioTraits.Setting.allCases {
            #expect(page.contains("`\(setting.rawValue)="), "\(setting)")
        }
        for beyond in AudioTraits.Beyond.allCases {
            #expect(page.contains("`beyond=\(beyond.rawValue)`"), "\(beyond)")
        }
        for quirk in Quirk.allCases { #expect(page.contains("`\(quirk.rawValue)`"), "\(quirk)") }
        for profile in DriveProfile.all { #expect(page.contains("`\(profile.name)`")) }
        for number in 1...60 {
            let digits = String(number + 1000).dropFirst()
            let isInRange = [(8, 9), (21, 22), (31, 32), (41, 43), (56, 59)].contains {
                number > $0.0 && number <= $0.1
            }
            #expect(isInRange || page.contains("q-\(digits)"), "q-\(digits)")
        }
    }
}
