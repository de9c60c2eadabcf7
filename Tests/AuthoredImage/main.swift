// Makes an image with UDF of a directory, for the guest's scenarios and for trials by hand:
//
//     AuthoredImage REVISION OUTPUT DIRECTORY [dvd|bd|appendable]

import DiscAuthoring
import DiscFiles
import LinuxCalls
import SystemPackage
import Transfer

let arguments = CommandLine.arguments
guard arguments.count >= 4, let revision = UDFRevision(rawValue: arguments[1]) else {
    print("usage: AuthoredImage 1.02|2.01|2.50 OUTPUT DIRECTORY [dvd|bd|appendable]")
    throw SystemError.inputOutput("arguments")
}
// 2026-11-29T10:20:30Z
let time = FileTime(seconds: 1_795_947_630)
var scan = TreeScan(time: time)
try scan.add(contentsOf: FilePath(arguments[3]))
for problem in scan.problems { print("left out: \(problem.path): \(problem.reason)") }
var options = UDFImageOptions(
    revision: revision,
    label: "Authored",
    time: time,
    video: arguments.count > 4 ? UDFImageOptions.Video(rawValue: arguments[4]) : nil
)
if arguments.count > 4, arguments[4] == "appendable" {
    options.isAppendable = true
    options.capacity = 2_295_104
}
let image = try UDFImage(scan.tree, options)
for rename in image.renames { print("renamed: \(rename.path) to \(rename.name): \(rename.reason)") }
for finding in image.findings {
    print("\(finding.isFatal ? "refused" : "advice"): \(finding.path): \(finding.sentence)")
}
let file = try File(FilePath(arguments[2]), .replace)
var buffer = [UInt8](repeating: 0, count: 512 * 2048)
var sector = 0
while true {
    var span = buffer.mutableSpan
    let count = try image.read(at: sector, into: &span)
    guard count > 0 else { break }
    try file.writeSparsely(buffer.span.extracting(..<(count * 2048)), at: sector * 2048)
    sector += count
}
try file.setSize(image.byteCount)
