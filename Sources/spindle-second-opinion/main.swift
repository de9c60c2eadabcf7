// Another library's view of a file or a drive, as lines of JSON on the standard output:
//
//     spindle-second-opinion MEMORY SECONDS FILES PARENT tree primary|joliet MOST-BYTES <IMAGE
//     spindle-second-opinion MEMORY SECONDS FILES PARENT table bincue|nrg|cdrdao|drive PATH
//
// libiso9660 and libcdio's image drivers trust what they read. So they work in a process of their
// own, under limits, and its death is theirs alone.
import LibCdio
import LinuxCalls
import SecondOpinion

/// The code with which the process ends if libcdio reports an error that its own code relies on not
/// returning from.
let libraryGaveUp: Int32 = 3

let arguments = Array(Processes.ownArguments.dropFirst())
guard arguments.count == 7, let limits = ProcessLimits(arguments: arguments[..<3]),
    let parent = Int(arguments[3])
else { Processes.leave(64) }
do {
    try limits.apply(parent: parent)
} catch {
    Processes.leave(1)
}
CdioLog.gather(leavingAtErrorsWith: libraryGaveUp)
var answer = Answer()
switch (arguments[4], arguments[5]) {
case ("tree", let names):
    tellTree(names: names, mostBytes: Int(arguments[6]) ?? 0, to: &answer)
case ("table", "drive"):
    tellTable(ofDrive: arguments[6], to: &answer)
case ("table", let driver):
    tellTable(of: arguments[6], driver: driver, to: &answer)
default:
    Processes.leave(64)
}
answer.flush()
// Nothing of the libraries' is taken down, which could crash after a whole answer.
Processes.leave(0)
