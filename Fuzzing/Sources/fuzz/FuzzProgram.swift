import CLibFuzzer
import Glibc
import SpindleJobs
import SystemPackage

/// `fuzz [LIBFUZZER'S OPTIONS] [CORPUS…]`: feeds what libFuzzer makes up to one subject.
///
/// `FUZZ_SUBJECT` names the subject, `FUZZ_FOLDER` a folder for files that have to be files, and for
/// those that sheets may name.
@main enum FuzzProgram {
    static let subject = variable("FUZZ_SUBJECT").flatMap(Subject.init(rawValue:)) ?? .images
    static let folder = FilePath(variable("FUZZ_FOLDER") ?? "/tmp")

    private static func variable(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }

    static func main() {
        var count = CommandLine.argc
        var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
        exit(LLVMFuzzerRunDriver(&count, &arguments, feed))
    }
}

/// Called by libFuzzer for each input.
@_cdecl("LLVMFuzzerTestOneInput") func feed(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    FuzzProgram.subject.feed(bytes, folder: FuzzProgram.folder)
    return 0
}
